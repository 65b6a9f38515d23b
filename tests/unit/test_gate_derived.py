"""What is worked out of published values is found anew in them, and refused where it says anything else."""

import datetime as dt
from functools import cache

import pytest

from expectations.content import contents
from expectations.detectors import Identifiers
from expectations.drill import drill
from expectations.drill.plants import DERIVED
from expectations.fingerprints import fingerprints
from expectations.gate import checks_of, examine, judge
from expectations.measures import table_named
from expectations.policy import Policy
from expectations.rules import ON_A_SOURCE, ON_EVERY_TABLE
from expectations.scope import Case
from tests.oracle.bottlenecks import HEAD, TELLS, bottlenecks
from tests.unit.gate_company import put
from tests.unit.gate_world import JUDGED, World

TABLE = "vault.protected.team_bottlenecks"
SOURCE = "vault.protected.team_delivery"
EARLIER = [JUDGED[0] - dt.timedelta(weeks=4 * ago) for ago in range(14, 0, -1)]
SLOW = [*EARLIER[-1:], *JUDGED]
LAST = JUDGED[-1]
STAGED = "case when status = 'published' then {} end"


@cache
def world() -> World:
    return World()


def vault(slow="aa", release=True):
    """A vault with a history of released shares, in which one unit's reviews have become slow, and what follows."""
    db = world().connect("team_delivery")
    for start in EARLIER:
        db.execute(
            f"insert into {SOURCE} select * replace (date '{start}' as period_start, period_end - 1 as period_end) "
            f"from {SOURCE} where period_start = '{JUDGED[0]}'"
        )
    shares = {"coding": 60, "review": 25, "other_stages": 15}
    columns = [name for name, *_ in db.execute(f"describe {SOURCE}").fetchall() if name.endswith("_share_pct")]
    listed = ", ".join(
        f"{name} = {STAGED.format(shares.get(name.removesuffix('_share_pct'), 'null'))}" for name in columns
    )
    db.execute(f"update {SOURCE} set {listed}")
    starts = ", ".join(f"'{start}'" for start in SLOW)
    db.execute(
        f"update {SOURCE} set coding_share_pct = 35, review_share_pct = 50, cycle_time_hours_p50 = 80 "
        f"where unit_id = '{slow}' and period_start in ({starts})"
    )
    if release:
        seal(db, EARLIER)
    derive(db)
    return db


def seal(db, starts):
    digests = contents(db, SOURCE, "vault.protected.cells", "team_delivery", starts)
    for start, digest in digests.items():
        db.execute("insert into vault.ops.sealed values ('team_delivery', ?, ?, 'r')", [start, digest])


def seen(db, relation=SOURCE):
    found = db.execute(f"select * from {relation}")
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {(row["period_start"], row["unit_id"]): row for row in rows}


def derive(db, relation=SOURCE):
    """The right candidates of the judged periods, by the oracle."""
    db.execute(f"delete from {TABLE}")
    rows = [row for (start, _), row in bottlenecks(seen(db, relation)).items() if start in JUDGED]
    put(db, "protected.team_bottlenecks", [tuple(row[name] for name in (*HEAD, *TELLS)) for row in rows])


def violated(db, periods=None):
    findings = examine(db, "team_bottlenecks", Policy(), (), periods)
    assert {finding.rule.partition(".")[0] for finding in findings} == set(checks_of("team_bottlenecks"))
    return {(finding.rule, finding.column): finding.count for finding in findings if finding.count}


def test_the_right_candidates_pass_and_name_the_slow_stage():
    db = vault()
    assert violated(db) == {}
    told = db.execute(f"select bottleneck, bottleneck_share_pct, usual_share_pct from {TABLE} where unit_id = 'aa'")
    assert told.fetchall()[-1] == ("review", 50, 25)
    words = {word for (word,) in db.execute(f"select distinct bottleneck from {TABLE}").fetchall()}
    assert words == {"review", "none", None}


def test_no_rule_that_needs_a_ledger_is_said_to_have_passed():
    asked = set(checks_of("team_bottlenecks"))
    assert asked == {*(rule.name for rule in (*ON_EVERY_TABLE, *ON_A_SOURCE)), "detectors"}
    assert "derived" not in checks_of("team_delivery")


SPOILT = {
    "another stage": (
        f"update {TABLE} set bottleneck = 'coding' where bottleneck = 'review'",
        ("derived", "bottleneck"),
    ),
    "a stage where none is": (
        f"update {TABLE} set bottleneck = 'review' where bottleneck = 'none'",
        ("derived", "bottleneck"),
    ),
    "none where too little is shown": (
        f"update {TABLE} set bottleneck = 'none' where status = 'withheld'",
        ("derived", "bottleneck"),
    ),
    "a larger share of late": (
        f"update {TABLE} set bottleneck_share_pct = 95 where bottleneck = 'review'",
        ("derived", "bottleneck_share_pct"),
    ),
    "another usual share": (
        f"update {TABLE} set usual_share_pct = 5 where bottleneck = 'review'",
        ("derived", "usual_share_pct"),
    ),
    "a share without a stage": (
        f"update {TABLE} set usual_share_pct = 25 where bottleneck = 'none'",
        ("derived", "usual_share_pct"),
    ),
    "published where the source is withheld": (
        f"update {TABLE} set status = 'published' where status = 'withheld'",
        ("derived", "status"),
    ),
    "another size": (f"update {TABLE} set size_band = '50+' where unit_id = 'xx'", ("derived", "size_band")),
    "a word of its own": (f"update {TABLE} set bottleneck = 'ada' where unit_id = 'aa'", ("shape", "bottleneck")),
    "a row left out": (f"delete from {TABLE} where unit_id = 'xx'", ("full_grid", "unit_id")),
    "released rows that were edited": (
        f"update {SOURCE} set review_share_pct = 20 where unit_id = 'aa' and period_start = '{EARLIER[0]}'",
        ("derived", "period_start"),
    ),
    "a period that its source does not show": (
        f"delete from {SOURCE} where period_start = '{LAST}'",
        ("derived", "period_start"),
    ),
    "no source": (f"drop table {SOURCE}", ("derived", "")),
}


@pytest.mark.parametrize("name", SPOILT)
def test_it_refuses(name):
    spoil, found = SPOILT[name]
    db = vault()
    db.execute(spoil)
    assert found in violated(db)


def test_what_was_passed_over_is_never_looked_at():
    """Rows older than what was released, which nobody will see: with them a stage would be told, without them not."""
    db = vault(release=False)
    seal(db, EARLIER[10:])
    told = f"select count(bottleneck) from {TABLE}"
    assert db.execute(told).fetchone() != (0,)
    assert ("derived", "bottleneck") in violated(db)
    db.execute(f"delete from {SOURCE} where period_start < '{EARLIER[10]}'")
    derive(db)
    assert db.execute(told).fetchone() == (0,)
    assert violated(db) == {}


def test_what_was_taken_back_counts_as_readers_see_it():
    db = vault()
    emptied = ", ".join(
        f"null as {name}" for name, *_ in db.execute(f"describe {SOURCE}").fetchall() if name not in HEAD
    )
    back = EARLIER[-1]
    withheld = f"select * replace ({emptied}, 'withheld' as status) from {SOURCE} where period_start = '{back}'"
    db.execute(f"insert into vault.restated.team_delivery by name select 'r2' as release_id, * from ({withheld})")
    digest = contents(db, f"({withheld})", "(select * from vault.protected.cells limit 0)", "team_delivery", [back])
    db.execute("update vault.ops.sealed set digest = ?, release_id = 'r2' where period_start = ?", [digest[back], back])
    assert ("derived", "bottleneck_share_pct") in violated(db) or violated(db) == {}
    derive(db, f"(select * from {SOURCE} where period_start <> '{back}' union all {withheld})")
    assert violated(db) == {}
    db.execute("update vault.restated.team_delivery set size_band = '50+'")
    assert ("derived", "period_start") in violated(db)


def test_its_evidence_is_the_content_of_what_it_rests_on():
    def proof():
        case = Case(db, table_named("team_bottlenecks"), Policy(), (LAST,))
        return [one.evidence for one in fingerprints(case, Identifiers(()))]

    db = vault()
    known = proof()
    verdicts = judge(db, "team_bottlenecks", Policy(), (), [LAST]).verdicts
    assert [one.evidence for one in verdicts] == known
    assert all(one.passed for one in verdicts)
    db.execute(f"update {SOURCE} set changes_merged = changes_merged + 10 where period_start = '{JUDGED[0]}'")
    assert proof() != known


def test_a_login_that_is_a_stage_stops_nothing():
    found = examine(vault(), "team_bottlenecks", Policy(), ["review", "none", "coding"])
    assert {one.rule for one in found if one.count} == set()


def test_the_drill_plants_what_only_a_derived_table_can_get_wrong():
    db = vault()
    seal(db, JUDGED)
    assert drilled(db) == {plant.name: True for plant in DERIVED}


def test_the_drill_leaves_out_what_readers_see_in_another_version():
    db = vault()
    seal(db, JUDGED)
    db.execute("insert into vault.ops.sealed values ('team_bottlenecks', ?, 'another', 'r2')", [LAST])
    db.execute(f"update {TABLE} set usual_share_pct = 95 where period_start = '{LAST}' and bottleneck = 'review'")
    assert drilled(db) == {plant.name: True for plant in DERIVED}


def drilled(db):
    """What was planted of a derived table's own, and whether it was caught."""
    own = {plant.name for plant in DERIVED}
    return {one.plant: one.caught for one in drill(db, "team_bottlenecks", lambda _: Policy()) if one.plant in own}
