"""The bird's-eye page: each team's work over time, where time goes, what is withheld. One file, no script.

It says in general why rows are withheld, and never why one row is: the reason would tell something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from report.measures import MEASURES
from report.newest import lines_of
from report.reading import read
from report.sections import TABLES, chapters, flow, missing, share, span, tiles
from report.stages import held, stages

if TYPE_CHECKING:
    import duckdb


def render(connection: duckdb.DuckDBPyConnection) -> str:
    """The page, from a published database that somebody else has opened."""
    import jinja2

    found = read(connection)
    org = found.org()
    loader = jinja2.PackageLoader("report", ".")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("template.html.j2").render(
        name=org.name if org else "The organisation",
        release=found,
        period=span(found, found.newest()),
        tiles=tiles(found),
        chapters=chapters(found),
        flow=flow(found),
        stages=stages(found),
        held=held(found),
        shares=[share(found, table) for table in TABLES if found.rows.get(table)],
        measures=MEASURES,
        table=lines_of(found),
        missing=[text for text in (missing(found, table) for table in TABLES) if text],
    )
