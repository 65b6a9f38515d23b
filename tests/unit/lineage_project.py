"""A small project for the lineage guard: one mart, one ledger, and a table whose query a test gives."""

from expectations.lineage import Place, examine_lineage

DECLARED = {
    "raw.changes.change_key": "key",
    "raw.changes.repository_key": "scope",
    "raw.changes.author_key": "person",
    "raw.changes.created_at": "time",
    "raw.changes.merged_at": "time",
    "raw.changes.lines": "number",
    "raw.changes.is_bot": "flag",
    "raw.changes.state": "category",
    "raw.changes.title": "text",
    "raw.members.person_key": "person",
    "raw.members.unit_id": "unit",
    "ops.calendar.period_start": "period",
    "ops.clock.as_of": "clock",
}
MART = """
select calendar.period_start, members.unit_id, changes.change_key, changes.author_key, changes.lines, changes.state,
    changes.is_bot, changes.merged_at, date_diff('second', changes.created_at, changes.merged_at) as seconds
from vault.raw.changes as changes
join vault.ops.calendar as calendar on changes.merged_at >= calendar.period_start
join vault.raw.members as members on members.person_key = changes.author_key
"""
LEDGER = "select unit_id, author_key as person_key, sum(lines) as value from vault.marts.mart group by all"
PLACES = (
    Place("mart", "", "*_key", "join", "who works where"),
    Place("ledger", "", "author_key", "group", "one row a person"),
)


def project(sql):
    return {"marts.mart": MART, "intermediate.ledger": LEDGER, "protected.team": sql}


def found(sql):
    return [str(one) for one in examine_lineage(project(sql), DECLARED, PLACES)]
