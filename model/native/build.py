"""Compiles the kernel when the package is built or installed, so that a machine needs Python alone: the compiler comes from PyPI."""

import os
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).parent
LIBRARY = HERE / "libkernel.so"
FLAGS = "-O3 -std=c11 -shared -fPIC -fvisibility=hidden -Wall -Wextra -Werror".split()
OWN = "-mcpu=baseline -fno-sanitize=undefined".split()
"""The bundled compiler would otherwise build for this very processor, and with checks."""


class CustomBuildHook(BuildHookInterface[Any]):
    """Builds `libkernel.so` beside its source. CC names another compiler."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and take the library into the wheel."""
        if self.target_name != "wheel":
            return
        compiler = shlex.split(os.environ["CC"]) if os.environ.get("CC") else [sys.executable, "-m", "ziglang", "cc", *OWN]
        sources = [str(path) for path in sorted(HERE.glob("*.c"))]
        subprocess.run([*compiler, *FLAGS, "-o", str(LIBRARY), *sources], check=True)  # noqa: S603 - our own sources
        build_data["artifacts"].append("model/native/libkernel.so")
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"
