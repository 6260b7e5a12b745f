"""`lurewatch serve`."""

import argparse
import os

import uvicorn

from model.errors import LurewatchError
from serve.app import create_app
from serve.settings import PREFIX, Settings

FINE = 0


def serve(parser: argparse.ArgumentParser) -> None:
    """Add the options of `lurewatch serve`."""
    parser.description = (
        "Serve the model over HTTP. Open to this machine alone unless you say otherwise; nothing of an ad is stored or logged."
    )
    names = ("ARTEFACT", "PRIOR", "LARGEST_BODY (bytes)", "TIER (fast, full, auto)", "THREADS", "QUEUE")
    parser.epilog = "example: lurewatch serve --port 8000\nsettings: " + ", ".join(PREFIX + name for name in names)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default %(default)s)")
    parser.add_argument("--workers", type=int, default=1, help="processes (default %(default)s)")
    parser.set_defaults(run=run_serve)


def run_serve(args: argparse.Namespace) -> int:
    """Serve until stopped. One process gets the app itself, several make their own."""
    settings = Settings.from_environment()
    if args.workers < 1:
        raise LurewatchError(f"--workers must be at least 1, found {args.workers}.")
    if args.workers == 1:
        uvicorn.run(create_app(settings), host=args.host, port=args.port, access_log=False)
    else:
        os.environ.setdefault(f"{PREFIX}ARTEFACT", str(settings.artefact))
        uvicorn.run("serve.commands:app", factory=True, host=args.host, port=args.port, workers=args.workers, access_log=False)
    return FINE


def app() -> object:
    """The app of one worker process."""
    return create_app(Settings.from_environment())
