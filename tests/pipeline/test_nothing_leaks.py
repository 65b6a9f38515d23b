"""Nothing that identifies anybody stands in a file outside the vault, after nights of every kind."""

import re
from collections import Counter

import pytest

from tests.pipeline.built import Home, company
from tests.pipeline.leaks import found, needles
from tests.pipeline.story import CANARY, CLOSING, Story


@pytest.mark.attack(10, 11, 12, 13)
def test_no_file_outside_the_vault_names_anybody(story: Story, identifiers: list[str]):
    """Published, Dagster's storage, logs, what dbt wrote, spills, temporary files: no clone; five nights' worth."""
    wanted = needles([*identifiers, CANARY], story.home.pseudonyms())
    vault, key = story.home.quorum / "vault", story.home.quorum / "key"
    assert len(wanted.pseudonyms) > 10_000
    assert found([story.home.folder, story.kept], wanted, leave_out=[vault, key]) == []


@pytest.mark.attack(9)
def test_duckdb_spilled_and_what_it_spilled_is_not_readable(story: Story):
    spilled = [path.read_bytes() for path in story.kept.iterdir() if "duckdb_temp" in path.name]
    assert sum(map(len, spilled)) > 10_000
    blocks = [one[at : at + 16384] for one in spilled for at in range(0, len(one), 16384)]
    written = [block for block in blocks if len(block) == 16384 and any(block)]
    assert written
    assert all(max(Counter(block).values()) < 256 for block in written)  # evenly spread, as ciphertext is


def test_the_vault_file_shows_no_plaintext(story: Story, identifiers: list[str]):
    words = ["github_changes", "mart_delivery", "author_key", "period_start", *identifiers]
    wanted = needles(words, story.home.pseudonyms())
    for path in (story.home.quorum / "vault").iterdir():
        assert found([path.parent], wanted) == []


@pytest.mark.attack(1, 13)
def test_an_unknown_field_goes_nowhere_the_decrypted_vault_included(story: Story):
    with story.home.vault() as connection:
        columns = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() where database_name = 'vault'"
        ).fetchall()
        assert len(columns) > 100
        for schema, table, column in columns:
            assert CANARY not in column
            hits = connection.execute(
                f'select count(*) from vault."{schema}"."{table}" where contains(lower("{column}"::varchar), ?)',
                [CANARY],
            ).fetchone()
            assert hits == (0,), (schema, table, column)


def test_nothing_temporary_is_left(story: Story):
    assert [path for path in (story.home.folder / "tmp").rglob("*") if path.is_file()] == []
    assert list((story.home.quorum / "work" / "spill").rglob("*")) == []


@pytest.mark.parametrize("place", ["vault", "key", "dagster", "work"])
def test_only_the_owner_may_look(story: Story, place: str):
    assert (story.home.quorum / place).stat().st_mode & 0o077 == 0


@pytest.mark.attack(10, 13)
@pytest.mark.slow
def test_a_cast_that_fails_tells_no_value(story: Story, copied: Home, identifiers: list[str]):
    """DuckDB quotes the value that it could not convert; whoever hears it keeps it to himself."""
    word = "c4stc4nary"
    with copied.vault() as connection:  # a flag that models use as a condition, so that it is converted
        connection.execute("alter table vault.raw.actions_runs alter is_default_branch type varchar")
        connection.execute(f"update vault.raw.actions_runs set is_default_branch = '{word}' where rowid % 50 = 0")
    with company(story.middle, until=CLOSING):
        night = copied.night(CLOSING)
    assert night.status == 1
    assert word not in night.said
    assert re.search(r"^  dbt, \w+: error: Conversion Error$", night.said, re.MULTILINE), night.said
    with copied.vault() as connection:  # whose views nobody can read before
        connection.execute(
            f"update vault.raw.actions_runs set is_default_branch = null where is_default_branch = '{word}'"
        )
    (copied.folder / "said.log").write_text(night.said)
    out = [copied.quorum / "vault", copied.quorum / "key"]
    assert found([copied.folder], needles([word, *identifiers], copied.pseudonyms()), leave_out=out) == []
