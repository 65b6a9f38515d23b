"""The lineage guard over models that read one another, and over its list of places."""

from expectations.lineage import Place, examine_lineage, fingerprint, unused_places
from tests.unit.lineage_project import DECLARED, PLACES, found, project


def test_what_reads_a_model_that_cannot_be_traced_is_refused_too():
    models = project("select unit_id from vault.marts.mart") | {"marts.mart": "select from"}
    breaks = examine_lineage(models, DECLARED, PLACES)
    assert {(one.table, one.tables) for one in breaks} >= {("mart", ("protected.team",)), ("team", ("protected.team",))}


def test_a_model_that_reads_itself_is_followed_round():
    own = "select unit_id, name from vault.protected.team union all select unit_id, unit_id from vault.raw.members"
    assert found(own) == []
    round_about = (
        "select b as a, c as b, author_key as c from vault.marts.mart, vault.protected.team "
        "union all select b, c, unit_id from vault.marts.mart, vault.protected.team"
    )
    assert {line.split(" ")[0] for line in found(round_about)} == {"team.a", "team.b", "team.c"}


def test_models_in_a_circle_are_refused():
    circle = {"protected.team": "select a from x.other as o", "x.other": "select a from protected.team as t"}
    assert len(examine_lineage(circle, DECLARED, ())) == 2


def test_a_model_does_not_stand_in_for_a_raw_table():
    breaks = examine_lineage({"raw.changes": "select 'a' as author_key"}, DECLARED, ())
    assert "a raw table has its name" in str(breaks[0])


def test_a_place_is_used_or_told():
    idle = Place("mart", "", "reviewer_key", "join", "nobody")
    models = project("select unit_id from vault.marts.mart")
    assert unused_places(models, DECLARED, (*PLACES, idle)) == (idle,)
    assert len(examine_lineage(models, DECLARED, PLACES[:1])) == 1


def test_each_column_of_a_comparison_needs_its_place():
    sql = "select 1 as one from vault.marts.mart as a join vault.marts.mart as b on a.author_key = b.author_key"
    renamed = "select 1 as one from vault.marts.mart as a join m as b on a.author_key = b.who"
    listed = (*PLACES, Place("team", "", "author_key", "join", "for the test"))
    assert not examine_lineage(project(sql), DECLARED, listed)
    assert examine_lineage(
        project(f"with m as (select author_key as who from vault.marts.mart) {renamed}"), DECLARED, listed
    )


def test_the_fingerprint_changes_with_sql_and_kinds():
    models = project("select unit_id from vault.marts.mart")
    changed = (
        fingerprint(models, DECLARED),
        fingerprint(project("select 1 as one"), DECLARED),
        fingerprint(models, DECLARED | {"raw.changes.title": "category"}),
    )
    assert len(set(changed)) == 3
