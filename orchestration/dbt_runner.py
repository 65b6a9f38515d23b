"""The program that dbt runs in: it imports and parses at once, and builds when standard input says what.

So that it is ready when the vault is closed for it: importing and parsing take longer than a quiet night's models. It
is told one line, the options of `dbt build` as JSON; without it, it ends. Of each node it tells one line: name, status,
seconds and the class of the error. "Could not convert string '<value>'" stands in dbt's own messages, so nothing else
leaves this process: no log, no results, nothing on standard output or error.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from orchestration.errors import NO_SPACE

if TYPE_CHECKING:
    from dbt_common.events.base_types import EventMsg

BUILT, FAILED, BROKEN = range(3)  # all well; a node failed, and was told; anything else
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


def main(words: list[str]) -> int:
    """Parse, wait, build; `words` are the options that both need."""
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    out = sys.stdout
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        parsed = dbtRunner().invoke(["parse", *words]).result
        if not isinstance(parsed, Manifest):
            return BROKEN
        line = sys.stdin.readline()
        if not line:
            return BUILT
        runner = dbtRunner(manifest=parsed, callbacks=[partial(tell, out)])
        ended = runner.invoke(["build", *words, *json.loads(line)])
    return BUILT if ended.success else BROKEN if ended.exception else FAILED


def tell(out: TextIO, event: EventMsg) -> None:
    """A node that ended, as one line of JSON."""
    if event.info.name != "NodeFinished":
        return
    result = event.data.run_result
    node = [event.data.node_info.unique_id, result.status.lower(), round(result.execution_time, 2)]
    out.write(json.dumps([*node, fault(result.message)]) + "\n")
    out.flush()


def fault(said: str) -> str:
    """The class of an error, or that the disk is full."""
    if any(sign in said for sign in NO_SPACE):
        return "the disk is full: free some space and run again"
    return next((fault for fault in FAULTS if fault in said), "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
