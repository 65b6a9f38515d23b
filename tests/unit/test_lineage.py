"""The lineage guard over a small project: every way out that a query has, one at a time."""

import pytest

from expectations.lineage import Place, examine_lineage, fingerprint, unused_places

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


@pytest.mark.parametrize(
    "sql",
    [
        "select unit_id, sum(value) as lines from vault.intermediate.ledger group by unit_id",
        "select unit_id, count(*) as n, count(distinct author_key) as people from vault.marts.mart group by 1",
        "select unit_id, state, count(*) as n from vault.marts.mart group by unit_id, state",
        "select unit_id, 'rest:' || unit_id as rest, upper(state) as s, period_start from vault.marts.mart",
        "select unit_id, sum(case when is_bot then 1 else 0 end) as bots from vault.marts.mart group by unit_id",
        "select unit_id, count(*) filter (where author_key is not null) as n from vault.marts.mart group by unit_id",
        "select unit_id, case when median(seconds) > 3600 then 2.0 else 1.0 end as h from vault.marts.mart group by 1",
        "select unit_id, sum(seconds) // 3600 as hours from vault.marts.mart group by unit_id",
        "select sum(n) as n from (select author_key is null as a, count(*) as n from vault.marts.mart group by 1) as x",
        "with a(u, v) as (select unit_id, value from intermediate.ledger) select u, sum(v) as n from a group by 1",
        "select unit_id, state from vault.marts.mart union all select unit_id, unit_id from vault.marts.mart",
        "select unit_id from vault.marts.mart union by name select 'org' as unit_id",
        "select a, b from (values ('x', 1)) as v(a, b)",
        "create or replace table fresh.main.t as select unit_id from vault.marts.mart",
    ],
)
def test_what_may_be_published_is_let_through(sql):
    assert found(sql) == []


PERSON = "team.x ← mart.author_key ← raw.changes.author_key (person)"
KEY = "team.x ← mart.change_key ← raw.changes.change_key (key)"
TIME = "team.x ← mart.merged_at ← raw.changes.merged_at (time)"
DURATION = "team.x ← mart.seconds ← raw.changes.created_at (duration)"
NUMBER = "team.x ← mart.lines ← raw.changes.lines (number)"
ONES = "team.x ← mart.author_key ← raw.changes.author_key (quantity)"


@pytest.mark.parametrize(
    ("expression", "way"),
    [
        ("author_key", PERSON),
        ("max(author_key)", PERSON),
        ("any_value(author_key)", PERSON),
        ("mode(author_key)", PERSON),
        ("arg_max(author_key, lines)", PERSON),
        ("min_by(unit_id, author_key)", PERSON),
        ("md5(author_key)", PERSON),
        ("substr(sha256(author_key || 'salt'), 1, 8)", PERSON),
        ("hash(author_key) % 1000", PERSON),
        ("sum(hash(author_key))", PERSON),
        ("length(author_key)", PERSON),
        ("try_cast(author_key as integer)", PERSON),
        ("coalesce(null, author_key)", PERSON),
        ("greatest(author_key, '')", PERSON),
        ("case when is_bot then 'bot' else author_key end", PERSON),
        ("if(is_bot, 'bot', author_key)", PERSON),
        ("{'a': author_key}.a", PERSON),
        ("struct_pack(a := author_key)", PERSON),
        ("list(author_key)", PERSON),
        ("list(unit_id order by author_key)", PERSON),
        ("list_filter(list(author_key), e -> e = 'a')", PERSON),
        ("unnest(list(author_key))", PERSON),
        ("string_agg(author_key, ',')", PERSON),
        ("histogram(author_key)", PERSON),
        ("approx_top_k(author_key, 3)", PERSON),
        ("format('{}', author_key)", PERSON),
        ("first_value(author_key) over (order by period_start)", PERSON),
        ("lag(author_key) over (order by period_start)", PERSON),
        ("(select max(b.author_key) from vault.marts.mart as b)", PERSON),
        ("array(select b.author_key from vault.marts.mart as b)", PERSON),
        ("change_key", KEY),
        ("'see ' || change_key", KEY),
        ("merged_at", TIME),
        ("date_trunc('day', merged_at)", TIME),
        ("epoch(merged_at)", TIME),
        ("max(merged_at)", TIME),
        ("strftime(merged_at, '%Y-%m-%d')", TIME),
        ("merged_at at time zone 'UTC'", TIME),
        ("date_diff('second', timestamp '1970-01-01', merged_at)", TIME),
        ("date_diff('day', period_start, merged_at)", TIME),
        ("merged_at - period_start", TIME),
        ("seconds", DURATION),
        ("seconds / 3600", DURATION),
        ("min(seconds)", DURATION),
        ("median(seconds)", DURATION),
        ("quantile_cont(seconds, 0.5)", DURATION),
        ("percentile_cont(0.9) within group (order by seconds)", DURATION),
        ("avg(seconds)", DURATION),
        ("lines", NUMBER),
        ("max(lines)", NUMBER),
        ("sum(lines) over (order by period_start rows current row)", NUMBER),
        ("sum(distinct lines)", NUMBER),
        ("is_bot", "team.x ← mart.is_bot ← raw.changes.is_bot (flag)"),
        ("lines > 100", "team.x ← mart.lines ← raw.changes.lines (flag)"),
        ("author_key is null", "team.x ← mart.author_key ← raw.changes.author_key (flag)"),
        ("author_key = 'a'", "team.x ← mart.author_key ← raw.changes.author_key (flag)"),
        ("count(*) over (partition by author_key)", ONES),
        ("row_number() over (partition by author_key)", ONES),
    ],
)
def test_a_column_that_shows_what_it_must_not_is_refused_with_its_way(expression, way):
    told = found(f"select unit_id, {expression} as x from vault.marts.mart group by all")
    assert any(line.startswith(f"{way}: ") for line in told), told


@pytest.mark.parametrize(
    ("sql", "way"),
    [
        ("select max(value) as x from vault.intermediate.ledger", "team.x ← ledger.value ← mart.author_key"),
        (
            "select n as x from (select author_key, count(*) as n from vault.marts.mart group by 1) as a",
            "team.x ← mart",
        ),
        ("select n as x from (select sum(lines) as n from vault.marts.mart group by change_key) as a", "team.x ← mart"),
        ("select n as x from (select sum(lines) as n from vault.marts.mart group by merged_at) as a", "team.x ← mart"),
        ("select n as x from (select sum(seconds) as n from vault.marts.mart group by seconds) as a", "team.x ← mart"),
        ("with a as (select author_key as b from vault.marts.mart), c as (from a) select b as x from c", PERSON),
        ("select unit_id as x from vault.marts.mart union all select author_key from vault.marts.mart", PERSON),
        ("select l.y as x from vault.marts.mart as m, lateral (select m.author_key as y) as l", PERSON),
        ("select u.y as x from (select list(author_key) as l from vault.marts.mart) as a, unnest(a.l) as u(y)", PERSON),
        ("select * replace (author_key as unit_id) from vault.marts.mart", "team.unit_id ← mart.author_key"),
        ("select * from vault.marts.mart", "team.author_key ← mart.author_key ← raw.changes.author_key (person)"),
        ("from vault.marts.mart", "team.author_key ← mart.author_key ← raw.changes.author_key (person)"),
        ("select author_key as a, md5(a) as x from vault.marts.mart", PERSON),
        ("select title as x from vault.raw.changes", "team.x ← raw.changes.title (untraced)"),
        ("select repository_key as x from vault.raw.changes", "team.x ← raw.changes.repository_key (scope)"),
        ("select as_of as x from vault.ops.clock", "team.x ← ops.clock.as_of (clock)"),
    ],
)
def test_no_form_of_a_query_hides_the_way(sql, way):
    told = found(sql)
    assert any(line.startswith(way) for line in told), told


@pytest.mark.parametrize(
    ("clause", "place"),
    [
        ("where author_key = 'a'", "where, by value"),
        ("where author_key is distinct from 'a'", "where, by value"),
        ("where author_key like 'a%'", "where, by value"),
        ("where author_key in ('a', 'b')", "where, by value"),
        ("where starts_with(author_key, 'a')", "where, by value"),
        ("where md5(author_key) = md5(author_key || '')", "where, by value"),
        ("where coalesce(author_key, '') <> author_key", "where"),
        ("where author_key in (select person_key from vault.raw.members)", "where"),
        ("where exists (select 1 from vault.raw.members as p where p.person_key = author_key)", "where"),
        ("where change_key = any(select author_key from vault.marts.mart)", "where, by value"),
        ("join vault.raw.members as p on p.person_key = author_key", "join"),
        ("semi join vault.raw.members as p on p.person_key = 'a'", "join, by value"),
        ("join (select person_key as author_key from vault.raw.members) as p using (author_key)", "join"),
        ("group by unit_id, author_key", "group"),
        ("group by rollup (author_key)", "group"),
        ("group by grouping sets ((author_key), ())", "group"),
        ("having max(author_key) = 'a'", "having, by value"),
        ("qualify row_number() over (partition by author_key) = 1", "partition"),
        ("qualify row_number() over (order by author_key) = 1", "order"),
        ("order by author_key", "order"),
    ],
)
def test_a_person_decides_nowhere_but_where_it_is_listed(clause, place):
    told = found(f"select 1 as one from vault.marts.mart {clause}")
    assert any(f"a person decides in `{place}` of the last select" in line for line in told), told


@pytest.mark.parametrize(
    ("sql", "place"),
    [
        ("select distinct author_key is null as x, author_key from vault.marts.mart", "distinct"),
        ("select distinct on (author_key) unit_id from vault.marts.mart", "distinct"),
        (
            "select 1 as one from (select 'a' as x union select author_key from vault.marts.mart) as a",
            "distinct",
        ),
        ("select 1 as one from (select author_key from vault.marts.mart except select 'a') as a", "distinct"),
        ("select count(*) filter (where author_key = 'a') as n from vault.marts.mart", "filter, by value"),
        ("select count(case when author_key = 'a' then 1 end) as n from vault.marts.mart", "select, by value"),
        ("select count(case author_key when 'a' then 1 end) as n from vault.marts.mart", "select, by value"),
        ("select count_if(author_key = 'a') as n from vault.marts.mart", "select, by value"),
        ("select count_if(starts_with(author_key, 'a')) as n from vault.marts.mart", "select, by value"),
        ("select count(try_cast(author_key as int)) as n from vault.marts.mart", "select, by value"),
        ("select count(distinct substr(author_key, 1, 1)) as n from vault.marts.mart", "select, by value"),
        ("select count(case when is_bot then md5(author_key) end) as n from vault.marts.mart", "select, by value"),
        (
            "select count(*) filter (where try_cast(author_key as int) is null) as n from vault.marts.mart",
            "filter, by value",
        ),
        ("select nullif(unit_id, author_key) as n from vault.marts.mart", "select, by value"),
    ],
)
def test_a_person_decides_in_no_value_either(sql, place):
    told = found(sql)
    assert any(f"`{place}`" in line for line in told), told


@pytest.mark.parametrize(
    "condition",
    [
        "change_key = 'a'",
        "substr(change_key, 1, 1) = 'a'",
        "merged_at > timestamp '2026-01-01'",
        "extract(hour from merged_at) < 6",
        "author_key = 'a'",
    ],
)
def test_nothing_is_picked_out_by_its_value(condition):
    for sql in (f"where {condition}", f"group by case when {condition} then 1 end"):
        told = found(f"select count(*) as n from vault.marts.mart {sql}")
        assert any("by value` of the last select" in line for line in told), told
    assert found("select count(*) as n from vault.marts.mart where merged_at > period_start + interval 7 day") == []


@pytest.mark.parametrize(
    "sql",
    [
        "select from where",
        "",
        "select 1 as one; drop table vault.protected.team",
        "def model(dbt, session):\n    return dbt.ref('mart')",
        "insert into vault.protected.team select * from vault.marts.mart",
        "select m as x from vault.marts.mart as m",
        "select to_json(m) as x from vault.marts.mart as m",
        "select columns('author.*') from vault.marts.mart",
        "select max(columns(*)) from vault.marts.mart",
        "select [e for e in list(author_key) if e = 'a'] as x from vault.marts.mart",
        "select * from (pivot vault.marts.mart on author_key using count(*))",
        "with recursive r as (select 1 as a union all select a + 1 from r where a < 3) select a from r",
        "select row_number() over w as x from vault.marts.mart window w as (partition by author_key)",
        "select 1 as one from vault.marts.mart natural join vault.raw.members",
        "select 1 as one from vault.marts.mart positional join vault.raw.members",
        "select 1 as one from vault.marts.mart as m asof join vault.raw.changes as c on c.merged_at <= m.merged_at",
        "select x from ((select author_key as x from vault.marts.mart) order by x limit 1) as a",
        "select a as unit_id from vault.marts.mart as m(a, b, c, d, e, f, g, h, i)",
        "select unit_id from vault.marts.mart limit 1",
        "select unit_id from vault.marts.mart union all select unit_id from vault.marts.mart offset 1",
        "select unit_id from vault.marts.mart using sample 1",
        "select * from 'people.parquet'",
        "select * from read_csv('people.csv')",
        "select * from query('select 1')",
        "select x from vault.intermediate.nowhere",
        "select nothing as x from vault.marts.mart",
        "select rowid as x from vault.marts.mart",
        "select table_name as x from information_schema.tables",
        "select getvariable('a') as x",
        "select getenv('A') as x",
        "select now() as x",
        "select current_timestamp as x",
        "select random() as x",
    ],
)
def test_what_cannot_be_traced_is_refused(sql):
    assert [line for line in found(sql) if line.startswith("team: cannot be traced: ")]


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
