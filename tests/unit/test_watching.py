"""A night is watched as bars on a terminal and as plain lines elsewhere."""

import io

import pytest
from rich.console import Console

from orchestration.progress import listener, told_to
from orchestration.watching import watcher


@pytest.mark.parametrize("terminal", [False, True])
def test_steps_are_shown_on_a_terminal_and_without_one(terminal):
    said = io.StringIO()
    console = Console(file=said, force_terminal=terminal, width=100)
    with watcher(console) as watching, told_to(watching):
        listener().step("dbt", done=1, total=2, note="team_tasks")
        listener().end("dbt", "35 nodes")
    assert "dbt" in said.getvalue()
    assert "35 nodes" in said.getvalue()
    assert ("\x1b[" in said.getvalue()) is terminal
    assert watching.notes == {"dbt": "35 nodes"}


def test_nobody_watches():
    listener().step("dbt")
    listener().end("dbt")
