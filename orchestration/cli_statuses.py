"""The command `quorum statuses`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from orchestration.exits import told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sources.systems.jira_statuses import Proposal


@click.command()
def statuses() -> None:
    """Propose which statuses of Jira are work and which are waiting.

    Flow efficiency (active_share_pct of team_tasks) needs to know it: quorum.yaml lists a tracker's
    statuses by class. This command asks Jira for its statuses, one question, and prints them with
    their category, the class that is proposed and the one in quorum.yaml; below, the list to copy.
    Nothing is stored, and names of statuses are never: only the class is.

    \b
    The classes
      active     somebody works on it
      waiting    it waits for somebody or something: a review, an answer, a release
      queue      work has not begun; time back in here counts as neither
      done       finished
      cancelled  ended without being done: such a task was not finished

    Without a status listed as waiting all time would be work: then no share is published. A status
    that is not listed takes the class of its category, and a period in which more than one task in
    five passed through such a one in progress shows no share either.

    \b
    Examples
      quorum statuses
      quorum statuses | less
    """
    with told():
        from orchestration.config import load
        from orchestration.connections import connection
        from orchestration.errors import ConfigError
        from orchestration.sandbox_process import sandbox
        from sources.systems.jira_statuses import proposals

        settings = load()
        if "jira" not in settings.systems:
            message = (
                "quorum.yaml: systems.jira is not there, and statuses are asked of Jira alone: see docs/configure.md"
            )
            raise ConfigError(message)
        with sandbox(settings, None) as awaited:
            awaited()
            found = proposals(connection(settings, "jira"))
        for line in _lines(found):
            click.echo(line)


def _lines(found: Sequence[Proposal]) -> list[str]:
    """The table, what is mapped, and the list to copy."""
    import yaml

    from sources.systems.jira_statuses import block

    width = max((len(one.name) for one in found), default=0)
    rows = [
        f"{one.name:<{width}}  {one.category:<13}  {one.proposed:<9}  "
        + (f"listed as {one.listed}" if one.listed else "not listed" if one.is_needed else "by its category")
        for one in found
    ]
    listed, open_ = sum(one.listed is not None for one in found), sum(one.is_needed and not one.listed for one in found)
    proposed = yaml.safe_dump(
        {"statuses": dict(block(found))}, sort_keys=False, default_flow_style=None, allow_unicode=True, width=1000
    )
    return [
        f"{'status':<{width}}  {'category':<13}  class      in quorum.yaml",
        *rows,
        "",
        f"{len(found)} statuses: {listed} listed, {open_} to be listed, the others need no line.",
        "A proposal, to be judged by who works with the board; it goes below systems.jira in quorum.yaml:",
        "",
        *(f"    {line}" for line in proposed.splitlines()),
    ]
