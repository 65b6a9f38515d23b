"""The lineage guard over a small project: every way out that a query has, one at a time."""

import pytest

from tests.unit.lineage_project import found


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
        ("date_diff('day', period_start, merged_at)", TIME.replace("(time)", "(duration)")),
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
