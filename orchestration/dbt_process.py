"""dbt as a subprocess (orchestration/dbt_runner.py), which tells of each node its name, status, seconds and fault.

Its log and run_results.json would quote values, so neither is written (`--log-level none`, `--no-write-json`). It can
be started long before the vault is closed for it. The key goes by environment, under a name that dbt masks.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.config import environment
from orchestration.dbt_compiler import places
from orchestration.dbt_manifest import variables
from orchestration.dbt_runner import BUILT, FAILED
from orchestration.errors import BuildError

if TYPE_CHECKING:
    from orchestration.settings import Settings

RUNNER = (sys.executable, "-m", "orchestration.dbt_runner")
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
