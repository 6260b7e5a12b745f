"""Templates to answers: every value escaped, nothing loaded from elsewhere, nothing that holds an ad kept by anyone."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from model.lures import LURES
from serve.page.assets import Assets
from serve.page.bodies import Bodies
from serve.page.languages import Languages, Words, region

POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "connect-src 'self'",
        "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
    )
)  # fmt: skip
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Vary": "Accept-Language",
}
NEVER_KEPT, ASKED_AGAIN = {"Cache-Control": "no-store"}, {"Cache-Control": "no-cache"}


class Renderer:
    """Draws pages. texts: what the seeds say of lures and steps, by language. largest: bytes that a form may send."""

    def __init__(self, assets: Assets, languages: Languages, bodies: Bodies, texts: Mapping[str, Any], largest: int) -> None:
        self.languages, self.bodies = languages, bodies
        self._texts = texts
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(asset=assets.path, names=languages.names, lures=LURES, largest=largest)

    def words(self, request: Request, asked: str | None) -> Words:
        """Texts of the language that is asked for in a form or in `?lang=`, else of the browser's."""
        asked = asked or request.query_params.get("lang")
        return self.languages.words(self.languages.chosen(asked, request.headers.get("accept-language", "")))

    def country(self, request: Request, asked: str | None) -> str:
        """The reader's country: as chosen, else as the browser's languages name it; empty where we know none of its bodies."""
        chosen = region(request.headers.get("accept-language", "")) if asked is None else asked
        return chosen if chosen in self.bodies.by_country else ""

    def page(self, name: str, words: Words, status: int = 200, /, **values: Any) -> HTMLResponse:
        """One page."""
        said = self._texts[words.language]
        common = {"w": words, "said": said, "page": name, "message": None, "country": "", "text": ""}
        html = self._templates.get_template(f"{name}.html").render({**common, **values})
        return HTMLResponse(html, status, headers={**HEADERS, **(NEVER_KEPT if values.get("text") else ASKED_AGAIN)})
