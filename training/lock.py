"""Pins every requirement with hashes into `requirements/`, without any registry's address: `make lock`."""

import subprocess
import sys
from pathlib import Path

SETS = {
    "runtime": [],
    "serve": ["--extra", "serve"],
    "encoder": ["--extra", "serve", "--extra", "encoder"],
    "batch": ["--extra", "batch"],
    "ray": ["--extra", "ray"],
    "training": ["--extra", "encoder", "--extra", "training"],
    "dev": [*(word for extra in ("serve", "client", "encoder", "batch", "training") for word in ("--extra", extra)), "--group", "dev"],
}
OPTIONS = ["--quiet", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-header"]


def main() -> None:
    """Write one file a set; `uv` must be importable (make installs it)."""
    for name, extras in SETS.items():
        target = Path("requirements") / f"{name}.txt"
        command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", *extras, *OPTIONS, "-o", str(target)]
        subprocess.run(command, check=True)
        print(f"{target}: {target.read_text().count('==')} pins")


if __name__ == "__main__":
    main()
