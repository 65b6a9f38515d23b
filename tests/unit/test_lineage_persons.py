"""The lineage guard: where a person decides something, without being shown."""

import pytest

from tests.unit.lineage_project import found


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
