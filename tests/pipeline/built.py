"""Homes to try nights on: a folder with its own quorum.yaml and temporary files, and a company that listens meanwhile.

A night is the command line in a process of its own. `Home.copy` gives a test a home that others have built, so that
only what a test is about has to run.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tests.pipeline.between import Between, between

if TYPE_CHECKING:
    import duckdb

    from orchestration.settings import Settings
    from orchestration.vault import Vault

ROOT = Path(__file__).parents[2]
TOKENS = dict.fromkeys(("QUORUM_GITHUB_TOKEN", "QUORUM_JIRA_USER", "QUORUM_JIRA_TOKEN"), "sandbox")
NOWHERE = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:1")  # where nobody listens
SERVE = """
import sys
from datetime import date
from sources.sandbox.server import serve
from sources.sandbox.settings import Sandbox
with serve(Sandbox({options}), port={port}) as world:
    world.at("{url}")
    print("there", flush=True)
    sys.stdin.read()
"""


@dataclass(frozen=True)
class Night:
    """How a night ended, and all that it said."""

    status: int
    stdout: str
    stderr: str

    @property
    def returncode(self) -> int:
        return self.status

    @property
    def said(self) -> str:
        return self.stdout + self.stderr


@dataclass(frozen=True)
class Home:
    """A deployment in a folder. `port` is where its systems are: the one in between, which does not change."""

    folder: Path
    port: int

    @property
    def quorum(self) -> Path:
        return self.folder / ".quorum"

    @property
    def published(self) -> Path:
        return self.quorum / "published"

    @property
    def release(self) -> Path:
        """What readers see now."""
        return self.published.resolve()

    def environment(self) -> dict[str, str]:
        """That of a night: what asks farther than loopback, which needs no proxy, finds nobody."""
        left_out = ("QUORUM_", "DAGSTER", *NOWHERE, *map(str.lower, NOWHERE))
        kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
        places = {"TMPDIR": str(self.folder / "tmp"), "PYTHONPATH": str(ROOT), "HOME": str(self.folder)}
        return {**kept, **TOKENS, **NOWHERE, **places, "QUORUM_HOME": str(self.quorum)}

    def start(self, as_of: date, scenario: str = "", within: Sequence[str] = ()) -> "subprocess.Popen[str]":
        """A night that has begun; `within` are the words of a command that runs another one."""
        program = ["tests.pipeline.driver", scenario] if scenario else ["orchestration"]
        command = [*within, sys.executable, "-m", *program, "nightly", "--as-of", as_of.isoformat()]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "start_new_session": True}
        return subprocess.Popen(command, cwd=self.folder, env=self.environment(), **pipes)

    def night(self, as_of: date, scenario: str = "", within: Sequence[str] = ()) -> Night:
        with self.start(as_of, scenario, within) as process:
            stdout, stderr = process.communicate(timeout=400)
        return Night(process.returncode, stdout, stderr)

    def copy(self, folder: Path) -> "Home":
        shutil.copytree(self.folder, folder, symlinks=True, dirs_exist_ok=True)
        return Home(folder, self.port)

    def files(self) -> dict[str, bytes]:
        """What readers see, byte for byte."""
        return {
            str(path.relative_to(self.release)): path.read_bytes()
            for path in sorted(self.release.rglob("*"))
            if path.is_file()
        }

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Ask the release, as an analyst does."""
        import duckdb

        with duckdb.connect(str(self.release / "quorum.duckdb"), read_only=True) as base:
            return base.execute(query).fetchall()

    def pseudonyms(self) -> set[str]:
        """Every one that stands in the vault."""
        with self.vault() as connection:
            columns = connection.execute(
                "select schema_name, table_name, column_name from duckdb_columns() where database_name = 'vault' "
                "and (column_name like '%key' or column_name = 'contribution_key') and data_type = 'VARCHAR'"
            ).fetchall()
            found: set[str] = set()
            for schema, table, column in columns:
                rows = connection.execute(f'select distinct "{column}" from vault."{schema}"."{table}"').fetchall()
                found |= {value for (value,) in rows if value and value != "unrostered"}  # a word, not a key
        return found

    @contextmanager
    def vault(self) -> Iterator["duckdb.DuckDBPyConnection"]:
        """The vault, decrypted."""
        with self.opened() as (_, vault):
            yield vault.connection

    @contextmanager
    def opened(self) -> Iterator[tuple["Settings", "Vault"]]:
        """The settings of this home and its vault, as the pipeline's own code gets them."""
        from orchestration.config import load
        from orchestration.vault import opened

        with self.surroundings():
            settings = load(self.folder / "quorum.yaml", self.quorum)
            with opened(settings) as vault:
                yield settings, vault

    def materialised(self, as_of: date, *layers: str) -> bool:
        """The assets of some layers alone, as in the UI; whether the run succeeded."""
        from orchestration.config import load
        from orchestration.definitions import definitions_of
        from orchestration.instance import instance
        from orchestration.raw import AS_OF

        with self.surroundings():
            settings = load(self.folder / "quorum.yaml", self.quorum)
            definitions = definitions_of(settings)
            job = definitions.resolve_job_def("nightly")
            keys = definitions.resolve_asset_graph().executable_asset_keys
            chosen = [key for key in keys if key.path[0] in layers]
            with instance(settings) as store:
                tags = {AS_OF: as_of.isoformat()}
                result = job.execute_in_process(instance=store, raise_on_error=False, tags=tags, asset_selection=chosen)
        return result.success

    def told(self) -> "dict[str, dict[str, object]]":
        """What Dagster was told of each asset when it was last materialised, by `layer/name`."""
        from orchestration.config import load
        from orchestration.instance import instance

        with self.surroundings(), instance(load(self.folder / "quorum.yaml", self.quorum)) as store:
            events = {key: store.get_latest_materialization_event(key) for key in store.all_asset_keys()}
            return {
                key.to_user_string(): {name: one.value for name, one in event.asset_materialization.metadata.items()}
                for key, event in events.items()
                if event
            }

    @contextmanager
    def surroundings(self) -> Iterator[None]:
        """This process in the environment of a night."""
        before = dict(os.environ)
        os.environ.clear()
        os.environ.update(self.environment())
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def new_home(folder: Path, port: int, memory: str = "1GB", threads: int = 2) -> Home:
    """A folder where nothing has happened yet."""
    (folder / "tmp").mkdir(parents=True)
    (folder / "quorum.yaml").write_text(_config(port, memory, threads))
    return Home(folder, port)


def _config(port: int, memory: str, threads: int) -> str:
    """That of the repository, but for the company, which is started elsewhere, and the machine."""
    import yaml

    settings = yaml.safe_load((ROOT / "quorum.yaml").read_text().replace("8787", str(port)))
    del settings["sandbox"]
    return yaml.safe_dump(settings | {"limits": {"memory": memory, "threads": threads}}, default_flow_style=False)


@contextmanager
def company(middle: Between, **options: object) -> Iterator[None]:
    """The made-up company behind the one in between, until the block ends."""
    port = free_port()
    words = ", ".join(f"{name}={value}" for name, value in spelt(options).items())
    program = SERVE.format(options=words, port=port, url=middle.url)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, **pipes) as process:
        assert process.stdout.readline() == "there\n", "the company does not start"
        middle.upstream = f"http://127.0.0.1:{port}"
        try:
            yield
        finally:
            process.terminate()


def spelt(options: Mapping[str, object]) -> dict[str, str]:
    return {
        name: f"date({v.year}, {v.month}, {v.day})" if isinstance(v, date) else repr(v) for name, v in options.items()
    }


def kill(process: "subprocess.Popen[str]") -> None:
    """A night and all that it started, at once."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


__all__ = ["Home", "Night", "between", "company", "kill", "new_home"]
