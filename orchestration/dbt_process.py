"""dbt as a subprocess whose output stays in a pipe: of each node its name, status and seconds are kept, nothing else.

"Could not convert string '<value>'" stands in dbt's output, in its log and in run_results.json; so no log and no
results are written (`--log-level-file none`, `--no-write-json`), and what comes through the pipe is thrown away but
for those three. The key goes by environment, under a name that dbt masks.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.config import environment
from orchestration.errors import BuildError

if TYPE_CHECKING:
    from orchestration.settings import Settings

PROJECT = Path(__file__).resolve().parents[1] / "dbt_project"
DBT = (sys.executable, "-c", "from dbt.cli.main import cli; cli()")
SOURCES = ("*.sql", "*.yml", "*.csv", "*.md")
GOOD = frozenset({"success", "pass", "warn"})
ENDED = (0, 1)  # dbt's own ends: all well, or a node that was told; anything else broke off
FAULTS = (  # all that is ever repeated of an error, the telling ones first
    "Out of Memory Error",
    "Conversion Error",
    "Constraint Error",
    "Out of Range Error",
    "Invalid Input Error",
    "Binder Error",
    "Catalog Error",
    "Parser Error",
    "IO Error",
    "Internal Error",
    "Compilation Error",
    "Database Error",
    "Runtime Error",
)


@dataclass(frozen=True, slots=True)
class Node:
    """One built node; `status` is success, pass, warn, fail, error or skipped, `fault` the class of the error."""

    unique_id: str
    status: str
    seconds: float
    fault: str = ""

    @property
    def name(self) -> str:
        """The node's own name."""
        return self.unique_id.split(".")[2]

    @property
    def good(self) -> bool:
        """It was built, or it passed."""
        return self.status in GOOD


def manifest(settings: Settings) -> Path:
    """dbt's manifest for these settings, made anew when the project or the settings have changed."""
    folder = settings.work / "dbt" / "static"
    made = folder / "manifest.json"
    stamp = folder / "fingerprint"
    wanted = _fingerprint(settings)
    if made.exists() and stamp.exists() and stamp.read_text() == wanted:
        return made
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = [*DBT, "parse", "--target", "static", *_places(folder), *_vars(settings)]
    ended = subprocess.run(command, env=environment(settings), capture_output=True, check=False)
    if ended.returncode != 0:
        message = "dbt cannot parse its project: run `make check`, which shows dbt's own words"
        raise BuildError(message)
    stamp.write_text(wanted)
    return made


def build(settings: Settings, key: str, select: Sequence[str], heard: Callable[[Node], None]) -> list[Node]:
    """Build the project, or what is selected of it, in the vault, which must be closed meanwhile."""
    folder = settings.work / "dbt" / "vault"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = [
        "--exclude-resource-type",
        "unit_test",
        "--no-write-json",
        "--log-format",
        "json",
        "--log-level",
        "debug",
    ]
    chosen = ["--select", *select] if select else []
    command = [*DBT, "build", "--target", "vault", *_places(folder), *_vars(settings), *options, *chosen]
    secret = environment(
        settings,
        QUORUM_VAULT_PATH=str(settings.vault_file),
        QUORUM_SPILL=str(settings.work / "spill"),
        QUORUM_MEMORY=settings.limits.memory,
        DBT_ENV_SECRET_QUORUM_VAULT=key,
    )
    nodes: list[Node] = []
    with subprocess.Popen(command, env=secret, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        for node in _heard(process.stdout or ()):
            nodes.append(node)
            heard(node)
    shutil.rmtree(folder / "run", ignore_errors=True)
    shutil.rmtree(folder / "compiled", ignore_errors=True)
    if not nodes:
        message = "dbt stopped before its first model: run `make check`; if it passes, the vault may be in use"
        raise BuildError(message)
    if process.returncode not in ENDED:
        message = f"dbt broke off after {len(nodes)} nodes: run again; if it stays, look at the memory it may use"
        raise BuildError(message)
    return nodes


def _heard(lines: Iterator[str] | Sequence[str]) -> Iterator[Node]:
    for line in lines:
        if '"NodeFinished"' not in line:
            continue
        try:
            data = json.loads(line)["data"]
        except (ValueError, KeyError):
            continue
        result = data["run_result"]
        said = result.get("message") or ""
        yield Node(
            data["node_info"]["unique_id"],
            str(result["status"]).lower(),
            round(float(result.get("execution_time") or 0), 2),
            next((fault for fault in FAULTS if fault in said), ""),
        )


def _places(folder: Path) -> list[str]:
    places = {"--project-dir": PROJECT, "--profiles-dir": PROJECT, "--target-path": folder, "--log-path": folder}
    return [*(word for name, path in places.items() for word in (name, str(path))), "--log-level-file", "none"]


def _vars(settings: Settings) -> list[str]:
    """Constant for a deployment: other vars would make dbt parse everything anew."""
    from dataclasses import asdict

    policy = {name: value for name, value in asdict(settings.policy).items() if isinstance(value, int | float)}
    return [
        "--vars",
        json.dumps({"systems": list(settings.systems), "depth": settings.depth, "policy": policy}, sort_keys=True),
    ]


def _fingerprint(settings: Settings) -> str:
    files = sorted(path for pattern in SOURCES for path in PROJECT.rglob(pattern) if "target" not in path.parts)
    seen = hashlib.sha256("\0".join([version("dbt-core"), *_vars(settings)]).encode())
    for path in files:
        seen.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return seen.hexdigest()
