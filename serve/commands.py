"""`lurewatch serve`."""

import argparse
import logging
import logging.config
import os
from ipaddress import ip_address
from typing import Any

import uvicorn
from fastapi import FastAPI

from model.errors import LurewatchError, OptionError
from serve import logs, workers
from serve.app import create_app
from serve.collecting import settle
from serve.settings import PREFIX, READERS, Settings

FINE = 0
LOG = logging.getLogger("lurewatch")


def serve(parser: argparse.ArgumentParser) -> None:
    """Add the options of `lurewatch serve`."""
    parser.description = (
        "Serve the model over HTTP. Open to this machine alone unless you say otherwise; nothing of an ad is logged, "
        "and nothing stored unless it is sent as feedback with consent."
    )
    names = ", ".join(PREFIX + name.upper() for name in READERS)
    parser.epilog = f"example: lurewatch serve --port 8000\nsettings (docs/operations.md): {names}"
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default %(default)s)")
    parser.add_argument("--workers", type=int, default=1, help="processes (default %(default)s)")
    parser.set_defaults(run=run_serve)


def run_serve(args: argparse.Namespace) -> int:
    """Serve until stopped. One process gets the app itself, several make their own."""
    settings = Settings.from_environment()
    if args.workers < 1:
        raise LurewatchError(f"--workers must be at least 1, found {args.workers}.")
    if not is_loopback(args.host):
        refuse_strangers(settings, f"--host {args.host} lets other machines connect")
    logging.config.dictConfig(logs.config(settings.log))
    LOG.info("settings", extra={"told": settings.summary()})
    served = how(args, settings)
    if args.workers == 1:
        uvicorn.run(settled(settings), **served)
    else:
        os.environ.setdefault(f"{PREFIX}ARTEFACT", str(settings.artefact))
        if is_loopback(args.host):
            os.environ[f"{PREFIX}OPEN"] = "1"  # the workers do not know the host
        workers.run(uvicorn.Config("serve.commands:app", factory=True, workers=args.workers, **served))
    return FINE


def how(args: argparse.Namespace, settings: Settings) -> dict[str, Any]:
    """What uvicorn is told. At the end it waits for answers as long as one may take, then gives up."""
    where = {"host": args.host, "port": args.port, "log_config": logs.config(settings.log)}
    return {**where, "access_log": False, "server_header": False, "timeout_graceful_shutdown": settings.time_limit}


def app() -> object:
    """The app of one process that others listen for. Raises OptionError without keys: where they listen is not known here."""
    settings = Settings.from_environment()
    refuse_strangers(settings, "a server of your own may let other machines connect")
    return settled(settings)


def settled(settings: Settings) -> FastAPI:
    """The app of a process that does nothing else."""
    made = create_app(settings)
    logs.spare()
    settle()
    return made


def refuse_strangers(settings: Settings, why: str) -> None:
    """Raises OptionError where there are no keys, unless it is meant so."""
    if settings.keys is None and not settings.open:
        advice = f"Make a key with `lurewatch keys add NAME`, or set {PREFIX}OPEN=1 to serve everyone who can connect."
        raise OptionError(f"{why}, and there are no keys. {advice}", f"{PREFIX}OPEN")


def is_loopback(host: str) -> bool:
    """Does the address belong to this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
