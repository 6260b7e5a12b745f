"""`lurewatch keys`: make, list, rotate and revoke API keys."""

import argparse
import sys
import time

from model.errors import OptionError
from serve.keys import SCOPES, Key, KeyFile, read
from serve.settings import Settings, key_file

FINE, HOUR = 0, 3_600
EXAMPLES = """examples:
  lurewatch keys add board --scopes score,feedback
  lurewatch keys rotate board --grace 48
settings: LUREWATCH_KEYS (the key file), else keys.json in LUREWATCH_STATE"""


def keys(parser: argparse.ArgumentParser) -> None:
    """Add the options of `lurewatch keys`."""
    parser.description = "API keys of the service. Only digests are kept: a key is shown once, when it is made."
    parser.epilog = EXAMPLES
    actions = parser.add_subparsers(required=True, metavar="action")
    add = actions.add_parser("add", help="make a key and print it")
    add.add_argument("--scopes", default="score", help=f"some of {', '.join(SCOPES)}, comma between (default %(default)s)")
    rotate = actions.add_parser("rotate", help="make a new key of the same name and print it; the present one goes on for a while")
    rotate.add_argument("--grace", type=int, default=24, metavar="HOURS", help="how long (default %(default)s; 0: not at all)")
    revoke = actions.add_parser("revoke", help="take a key no longer")
    for action in (add, rotate, revoke):
        action.add_argument("name", help="of the key: who uses it")
    listing = actions.add_parser("list", help="names, scopes and dates")
    for action, run in ((add, run_add), (rotate, run_rotate), (revoke, run_revoke), (listing, run_list)):
        action.set_defaults(run=run)


def changed() -> KeyFile:
    """The key file of the settings, to change it."""
    settings = Settings.from_environment()
    return KeyFile(settings.keys or key_file(settings.state))


def tell(secret: str, remark: str) -> int:
    """The key alone on standard output, so that a script can take it."""
    print(secret)
    print(remark, file=sys.stderr)
    return FINE


def run_add(args: argparse.Namespace) -> int:
    """Make a key."""
    with changed() as file:
        secret = file.add(args.name, args.scopes.split(","))
    return tell(secret, "This key is shown once. A service that was started without keys asks for it after a restart.")


def run_rotate(args: argparse.Namespace) -> int:
    """Make a new key of a name."""
    if args.grace < 0:
        raise OptionError(f"--grace must be at least 0 hours, found {args.grace}.", "grace")
    with changed() as file:
        secret = file.rotate(args.name, args.grace * HOUR)
    return tell(secret, f"This key is shown once. The one before is taken for {args.grace} hours more.")


def run_revoke(args: argparse.Namespace) -> int:
    """Take a key no longer."""
    with changed() as file:
        file.revoke(args.name)
    print(f"{args.name}: revoked; running services refuse it within a second.")
    return FINE


def run_list(_: argparse.Namespace) -> int:
    """Print the keys."""
    settings = Settings.from_environment()
    for key in read(settings.keys or key_file(settings.state)):
        print(row(key, time.time()))
    return FINE


def row(key: Key, now: float) -> str:
    """One line: name, scopes, day it was made, until when it is taken, beginning of its digest."""
    until = "ended" if key.ended(now) else f"until {day(key.ends)}" if key.ends else "in use"
    return f"{key.name:<24} {','.join(key.scopes):<22} made {day(key.made)}  {until:<22} {key.digest[:8]}"


def day(seconds: int) -> str:
    """A date and time in UTC."""
    return time.strftime("%Y-%m-%d %H:%M", time.gmtime(seconds))
