"""dbt as a subprocess (orchestration/dbt_runner.py), which tells of each node its name, status, seconds and fault.

Its log and run_results.json would quote values, so neither is written (`--log-level none`, `--no-write-json`). It can
be started long before the vault is closed for it. The key goes by environment, under a name that dbt masks.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.config import environment
from orchestration.dbt_runner import BUILT, FAILED
from orchestration.errors import BuildError

if TYPE_CHECKING:
    from orchestration.settings import Settings

PROJECT = Path(__file__).resolve().parents[1] / "dbt_project"
DBT = (sys.executable, "-c", "from dbt.cli.main import cli; cli()")
RUNNER = (sys.executable, "-m", "orchestration.dbt_runner")
SOURCES = ("*.sql", "*.yml", "*.csv", "*.md")
KEPT = "kept"  # nothing was due: as the last build left it
GOOD = frozenset({"success", "pass", "warn", KEPT})
_waiting: dict[tuple[str, ...], subprocess.Popen[str]] = {}  # by case: started, and not yet told


@dataclass(frozen=True, slots=True)
class Node:
    """One node; `status` is success, pass, warn, fail, error, skipped or kept, `fault` the class of the error.

    `rows` is how many its table holds; None of a view or a test.
    """

    unique_id: str
    status: str
    seconds: float
    fault: str = ""
    rows: int | None = None

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
    wanted = fingerprint(settings)
    if made.exists() and stamp.exists() and stamp.read_text() == wanted:
        return made
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = [*DBT, "compile", "--target", "static", *places(folder), *variables(settings)]
    ended = subprocess.run(command, env=environment(settings), capture_output=True, check=False)
    if ended.returncode != 0:
        message = "dbt cannot compile its project: run `make check`, which shows dbt's own words"
        raise BuildError(message)
    stamp.write_text(wanted)
    return made


@contextmanager
def ready(settings: Settings, key: str) -> Iterator[None]:
    """Have dbt import and parse meanwhile, for the first `build` within; unused, it ends by itself."""
    with _started(settings, key) as process:
        _waiting[_case(settings)] = process
        try:
            yield
        finally:
            _waiting.pop(_case(settings), None)


def build(settings: Settings, key: str, select: Sequence[str], heard: Callable[[Node], None]) -> list[Node]:
    """Build the project, or what is selected of it, in the vault, which must be closed meanwhile."""
    options = ["--exclude-resource-type", "unit_test", "exposure", *(["--select", *select] if select else [])]
    nodes: list[Node] = []
    with _waiting.pop(_case(settings), None) or _started(settings, key) as process:
        _tell(process, options)
        for node in process.stdout or ():
            nodes.append(Node(*json.loads(node)))
            heard(nodes[-1])
    for remains in ("run", "compiled"):
        shutil.rmtree(_folder(settings) / remains, ignore_errors=True)
    if not nodes:
        message = "dbt stopped before its first model: run `make check`; if it passes, the vault may be in use"
        raise BuildError(message)
    if process.returncode not in (BUILT, FAILED):
        message = f"dbt broke off after {len(nodes)} nodes: run again; if it stays, look at the memory it may use"
        raise BuildError(message)
    return nodes


def _tell(process: subprocess.Popen[str], options: list[str]) -> None:
    """What to build; a dbt that could not parse has ended already, and is told by its end."""
    if process.stdin:
        with suppress(BrokenPipeError), process.stdin as line:
            line.write(json.dumps(options) + "\n")


def _started(settings: Settings, key: str) -> subprocess.Popen[str]:
    folder = _folder(settings)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    quiet = ["--log-level", "none", "--no-write-json"]
    secret = environment(
        settings,
        QUORUM_VAULT_PATH=str(settings.vault_file),
        QUORUM_SPILL=str(settings.work / "spill"),
        QUORUM_MEMORY=settings.limits.memory,
        QUORUM_THREADS=str(settings.limits.threads),
        DBT_ENV_SECRET_QUORUM_VAULT=key,
    )
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [*RUNNER, "--target", "vault", *places(folder), *variables(settings), *quiet],
        env=secret,
        stdin=pipe,
        stdout=pipe,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _case(settings: Settings) -> tuple[str, ...]:
    """The home, and the policy: a block may be due that began under another one than that of quorum.yaml."""
    return str(settings.home), *variables(settings)


def _folder(settings: Settings) -> Path:
    return settings.work / "dbt" / "vault"


def places(folder: Path) -> list[str]:
    """Where dbt reads its project and leaves its files; no log."""
    given = {"--project-dir": PROJECT, "--profiles-dir": PROJECT, "--target-path": folder, "--log-path": folder}
    return [*(word for name, path in given.items() for word in (name, str(path))), "--log-level-file", "none"]


def variables(settings: Settings) -> list[str]:
    """Constant for a deployment: other vars would make dbt parse everything anew."""
    from dataclasses import asdict

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
