"""dbt's manifests for a deployment: what its models are, on the first night and on later ones, before any data.

Made anew only when the project, dbt or the settings that it is compiled with have changed.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import asdict
from importlib.metadata import version
from typing import TYPE_CHECKING

from orchestration.config import environment
from orchestration.dbt_compiler import FIRST, LATER, PROJECT
from orchestration.errors import BuildError

if TYPE_CHECKING:
    from pathlib import Path

    from orchestration.settings import Settings

COMPILER = (sys.executable, "-m", "orchestration.dbt_compiler")
SOURCES = ("*.sql", "*.yml", "*.csv", "*.md")


def manifest(settings: Settings) -> Path:
    """The manifest of the project as it is."""
    return manifests(settings)[0]


def manifests(settings: Settings) -> tuple[Path, Path]:
    """Those of the first night and of later ones."""
    folder = settings.work / "dbt"
    made = tuple(folder / name / "manifest.json" for name in (FIRST, LATER))
    stamp = folder / "fingerprint"
    wanted = fingerprint(settings)
    if not (all(path.exists() for path in made) and stamp.exists() and stamp.read_text() == wanted):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        command = [*COMPILER, str(folder), *variables(settings)]
        ended = subprocess.run(command, env=environment(settings), capture_output=True, check=False)
        if ended.returncode != 0:
            message = "dbt cannot compile its project: run `make check`, which shows dbt's own words"
            raise BuildError(message)
        stamp.write_text(wanted)
    return made[0], made[1]


def variables(settings: Settings) -> list[str]:
    """Constant for a deployment: other vars would make dbt parse everything anew."""
    policy = {name: value for name, value in asdict(settings.policy).items() if isinstance(value, int | float)}
    return [
        "--vars",
        json.dumps({"systems": list(settings.systems), "depth": settings.depth, "policy": policy}, sort_keys=True),
    ]


def fingerprint(settings: Settings) -> str:
    """The digest of dbt's version, the project's files and the variables."""
    files = sorted(path for pattern in SOURCES for path in PROJECT.rglob(pattern) if "target" not in path.parts)
    seen = hashlib.sha256("\0".join([version("dbt-core"), "compile", *variables(settings)]).encode())
    for path in files:
        seen.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return seen.hexdigest()
