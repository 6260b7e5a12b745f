# syntax=docker/dockerfile:1
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
# serve: the fast tier; encoder: the full tier too (then run with LUREWATCH_TIER=auto)
ARG REQUIREMENTS=serve
COPY requirements requirements
RUN python -m venv /opt/lurewatch \
 && /opt/lurewatch/bin/python -m pip install --no-cache-dir --require-hashes -r "requirements/${REQUIREMENTS}.txt"
COPY pyproject.toml README.md LICENSE ./
COPY seeds seeds
COPY model model
COPY training training
COPY serve serve
RUN python -m pip wheel --no-cache-dir --no-deps --wheel-dir /wheels . \
 && /opt/lurewatch/bin/python -m pip install --no-cache-dir --no-deps /wheels/*.whl

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home lurewatch \
 && install --directory --owner=10001 --mode=0700 /var/lib/lurewatch
COPY --from=build /opt/lurewatch /opt/lurewatch
ENV PATH=/opt/lurewatch/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 LUREWATCH_STATE=/var/lib/lurewatch
# keys and feedback; make a first key with: docker run --rm -v lurewatch:/var/lib/lurewatch lurewatch lurewatch keys add NAME
VOLUME /var/lib/lurewatch
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
CMD ["lurewatch", "serve", "--host", "0.0.0.0"]
