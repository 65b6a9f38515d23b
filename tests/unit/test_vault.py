"""The vault is encrypted, takes a page whole or not at all, and whatever is wrong with it is told without damage."""

import subprocess
import sys
import textwrap
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from orchestration import reads, rewriting, vault
from orchestration.clock import block_of, blocks, midnight, weeks
from orchestration.config import load
from orchestration.errors import ConfigError, VaultDamaged, VaultError, VaultFull, VaultLocked, WrongKey
from orchestration.keys import derive
from orchestration.writing import write
from sources.batches import Batch
from sources.stream import Column, Kind, Stream, System

ROOT = Path(__file__).parents[2]
CANARY = "canary-in-the-vault"
CHANGES = Stream(
    "changes",
    (Column("change_key", Kind.KEY, path="id", space="change"), Column("size", Kind.NUMBER, path="size")),
    key=("change_key",),
)
REVIEWS = Stream(
    "reviews",
    (
        Column("review_key", Kind.KEY, path="id", space="review"),
        Column("change_key", Kind.KEY, path="parent.id", space="change"),
    ),
    key=("review_key",),
    replaces=("change_key",),
    parent=CHANGES,
    at="reviews",
)
SYSTEM = System("forge", (CHANGES, REVIEWS), "changes", "repository", lambda *_: None)
SCHEMAS = {SYSTEM.table(stream.name): stream.schema for stream in SYSTEM.streams}


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.delenv("QUORUM_KEY", raising=False)
    (tmp_path / "quorum.yaml").write_text("roster: roster.yaml\nsystems: {git: {repositories: [/nowhere]}}\n")
    return load(tmp_path / "quorum.yaml", home=tmp_path / "home")


def page(changes, reviews, cursor="c1"):
    rows = pa.Table.from_pylist([{"change_key": key, "size": size} for key, size in changes], CHANGES.schema)
    inner = pa.Table.from_pylist([{"review_key": key, "change_key": of} for key, of in reviews], REVIEWS.schema)
    keys = rows.select(["change_key"])
    return Batch("changes", "s", {"changes": rows, "reviews": inner}, {"changes": keys, "reviews": keys}, cursor)


def rows(one, table):
    return one.connection.execute(f"select * from vault.raw.{table} order by all").fetchall()


def test_everything_on_disk_is_for_the_owner_alone_and_encrypted(settings):
    with vault.opened(settings, SCHEMAS) as one:
        write(one.connection, SYSTEM, page([(CANARY, 1)], []))
        one.connection.execute("checkpoint vault")
        files = [path for path in settings.home.rglob("*") if path.is_file()]
        assert all(CANARY.encode() not in path.read_bytes() for path in files)
    assert settings.vault_file.parent.stat().st_mode & 0o077 == 0
    assert (settings.home / "key").stat().st_mode & 0o077 == 0


def test_a_page_read_again_replaces_its_rows_and_those_nested_in_it(settings):
    with vault.opened(settings, SCHEMAS) as one:
        write(one.connection, SYSTEM, page([("a", 1), ("b", 2)], [("r1", "a"), ("r2", "b")]))
        write(one.connection, SYSTEM, page([("a", 3)], [], cursor="c2"))
        assert rows(one, "forge_changes") == [("a", 3), ("b", 2)]
        assert rows(one, "forge_reviews") == [("r2", "b")]
        assert reads.state(one.connection, "forge").cursors == {("changes", "s"): "c2"}


def test_rows_with_one_key_are_refused_and_the_cursor_stays(settings):
    with vault.opened(settings, SCHEMAS) as one:
        write(one.connection, SYSTEM, page([("a", 1)], [("r1", "a")]))
        with pytest.raises(VaultError, match="forge_reviews: two rows have one key"):
            write(one.connection, SYSTEM, page([("b", 2)], [("r1", "b")], cursor="c2"))
        assert rows(one, "forge_changes") == [("a", 1)]
        assert reads.state(one.connection, "forge").cursors == {("changes", "s"): "c1"}


def test_a_failed_read_keeps_how_far_the_last_whole_one_came(settings):
    with vault.opened(settings, SCHEMAS) as one:
        reads.record(one.connection, midnight(date(2026, 1, 1)), [reads.Read("forge", "changes")])
        reads.record(one.connection, midnight(date(2026, 2, 1)), [reads.Read("forge", "changes", "down")])
        assert one.connection.execute("select read_through, status, reason from vault.ops.reads").fetchall() == [
            (midnight(date(2026, 1, 1)), "failed", "down")
        ]


def test_the_clock_does_not_go_back(settings):
    with vault.opened(settings) as one:
        one.set_clock(midnight(date(2026, 11, 23)))
        with pytest.raises(VaultError, match="does not go back"):
            one.set_clock(midnight(date(2026, 11, 22)))


def test_blocks_are_four_iso_weeks_and_week_53_joins_the_last():
    known = {(block.iso_year, block.block): block for block in blocks(date(2027, 2, 1))}
    assert (known[2026, 13].period_end - known[2026, 13].period_start).days == 34
    assert (known[2025, 13].period_end - known[2025, 13].period_start).days == 27
    assert all(block.period_start.isoweekday() == 1 for block in known.values())


def test_weeks_know_their_block_and_week_53_is_one_of_its_own():
    known = list(weeks(date(2027, 2, 3)))
    assert {block_of(week.period_start).period_start for week in known} == {week.block_start for week in known}
    last = [week for week in known if (week.iso_year, week.block) == (2026, 13)]
    assert [week.period_start.isocalendar().week for week in last] == [49, 50, 51, 52, 53]
    assert all((week.period_end - week.period_start).days == 6 for week in known)
    assert known[-1].period_start == date(2027, 2, 1)


def test_periods_begin_and_end_at_the_midnights_of_the_organisation_summer_time_included(settings):
    with vault.opened(settings.model_copy(update={"time_zone": "Europe/Berlin", "period": "week"})) as one:
        one.set_clock(midnight(date(2026, 4, 13)))
        asked = "select starts_at, ends_at from vault.ops.calendar where period_start = '2026-03-23'"
        assert one.connection.execute(asked).fetchall() == [
            (datetime.fromisoformat("2026-03-22T23:00"), datetime.fromisoformat("2026-03-29T22:00"))
        ]


def test_another_key_is_told_and_changes_nothing(settings):
    with vault.opened(settings):
        pass
    before = settings.vault_file.read_bytes()
    (settings.home / "key").write_text("x" * 64)
    with pytest.raises(WrongKey), vault.opened(settings):
        pass
    assert settings.vault_file.read_bytes() == before


def test_a_lost_key_is_not_made_anew_beside_a_vault(settings):
    with vault.opened(settings):
        pass
    (settings.home / "key").unlink()
    with pytest.raises(WrongKey, match="key is gone"), vault.opened(settings):
        pass


def test_a_key_that_others_can_read_is_refused(settings):
    with vault.opened(settings):
        pass
    (settings.home / "key").chmod(0o640)
    with pytest.raises(ConfigError, match="chmod 600"), vault.opened(settings):
        pass


def test_a_short_key_is_refused_and_two_uses_get_two_keys():
    with pytest.raises(ConfigError, match="openssl rand"):
        derive("short")
    keys = derive("s" * 64)
    assert bytes.fromhex(keys.vault) != keys.pseudonyms
    assert keys.vault not in repr(keys)


@pytest.mark.parametrize("part", [0, 0.001, 0.5])
def test_a_truncated_file_is_told_and_left_as_it_is(settings, part):
    with vault.opened(settings, SCHEMAS) as one:
        write(one.connection, SYSTEM, page([(str(number), number) for number in range(50_000)], []))
    content = settings.vault_file.read_bytes()
    cut = content[: int(len(content) * part)]
    settings.vault_file.write_bytes(cut)
    with pytest.raises(VaultDamaged, match="put back a copy"), vault.opened(settings) as one:
        rows(one, "forge_changes")
    assert settings.vault_file.read_bytes() == cut


def run(settings, body):
    head = f"""
        from pathlib import Path
        from orchestration import vault
        from orchestration.config import load
        settings = load(Path({str(settings.project / "quorum.yaml")!r}), home=Path({str(settings.home)!r}))
    """
    text = textwrap.dedent(head) + textwrap.dedent(body)
    return subprocess.run([sys.executable, "-c", text], cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_second_writer_is_told_to_wait(settings):
    with vault.opened(settings), vault.locked(settings):
        ended = run(settings, "with vault.opened(settings): pass")
    assert VaultLocked.__name__ in ended.stderr
    assert "one writer at a time" in ended.stderr


def test_a_full_disk_is_told_and_nothing_is_lost(settings):
    with vault.opened(settings) as one:
        one.connection.execute("create table vault.raw.kept as select 42 as answer")
    ended = run(
        settings,
        """
        import resource
        with vault.opened(settings) as one:
            resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, 4 << 20))
            one.connection.execute("create table vault.raw.big as select md5(range::varchar) from range(2000000)")
        """,
    )
    assert VaultFull.__name__ in ended.stderr
    with vault.opened(settings) as one:
        assert one.connection.execute("from vault.raw.kept").fetchall() == [(42,)]


def test_a_kill_in_the_middle_of_writing_leaves_a_vault_that_opens(settings):
    with vault.opened(settings) as one:
        one.connection.execute("create table vault.raw.kept as select 42 as answer")
    run(
        settings,
        """
        import os, signal
        with vault.opened(settings) as one:
            one.connection.execute("insert into vault.raw.kept values (43)")
            one.connection.execute("begin")
            one.connection.execute("insert into vault.raw.kept values (44)")
            os.kill(os.getpid(), signal.SIGKILL)
        """,
    )
    with vault.opened(settings) as one:
        assert one.connection.execute("from vault.raw.kept order by 1").fetchall() == [(42,), (43,)]


def test_what_a_killed_night_spilled_stops_no_later_one(settings):
    run(
        settings,
        """
        import os, signal
        with vault.opened(settings) as one:
            one.connection.execute("set memory_limit = '60MB'")
            one.connection.execute("create temp table big as select md5(i::varchar) as a from range(3000000) as r(i)")
            os.kill(os.getpid(), signal.SIGKILL)
        """,
    )
    assert list((settings.work / "spill").iterdir())
    with vault.opened(settings) as one:
        encrypted = one.connection.execute("select current_setting('temp_file_encryption')").fetchone()
    assert encrypted == (True,)


def test_a_bloated_file_is_written_anew_and_holds_the_same(settings, monkeypatch):
    monkeypatch.setattr(rewriting, "SMALL", 0)
    with vault.opened(settings) as one:
        one.connection.execute("create table vault.raw.big as select md5(range::varchar) as a from range(500000)")
        one.connection.execute("checkpoint vault")
        one.connection.execute("create table vault.raw.kept as select md5((-range)::varchar) as a from range(50000)")
    with vault.opened(settings) as one:
        one.connection.execute("drop table vault.raw.big")
    before = settings.vault_file.stat().st_size
    assert rewriting.rewrite(settings)
    assert settings.vault_file.stat().st_size < before / 2
    with vault.opened(settings) as one:
        assert one.connection.execute("select count(*) from vault.raw.kept").fetchall() == [(50_000,)]
    assert not rewriting.rewrite(settings)


def test_a_disk_that_fills_while_the_file_is_written_anew_loses_nothing(settings):
    with vault.opened(settings) as one:
        one.connection.execute("create table vault.raw.big as select md5(range::varchar) as a from range(300000)")
        one.connection.execute("checkpoint vault")
        one.connection.execute("create table vault.raw.kept as select md5((-range)::varchar) as a from range(20000)")
    with vault.opened(settings) as one:
        one.connection.execute("drop table vault.raw.big")
    ended = run(
        settings,
        """
        import resource
        from orchestration import rewriting
        rewriting.SMALL = 0
        resource.setrlimit(resource.RLIMIT_FSIZE, (700_000, 700_000))  # the log fits, the file does not
        rewriting.rewrite(settings)
        """,
    )
    assert VaultFull.__name__ in ended.stderr
    with vault.opened(settings) as one:
        assert one.connection.execute("select count(*) from vault.raw.kept").fetchall() == [(20_000,)]


def test_what_spills_is_encrypted(settings):
    with vault.opened(settings) as one:
        names = "'temp_directory', 'temp_file_encryption'"
        found = one.connection.execute(
            f"select value from duckdb_settings() where name in ({names}) order by name"
        ).fetchall()
    assert found == [(str(settings.work / "spill"),), ("true",)]


def test_what_a_killed_night_had_spilt_is_in_nobodys_way(settings):
    vault.make_home(settings)
    (settings.work / "spill" / "duckdb_temp_storage_DEFAULT-0.tmp").write_bytes(bytes(1000))
    with vault.opened(settings) as one:
        assert one.clock is None


def test_a_column_that_is_declared_no_more_is_forgotten(settings):
    with vault.opened(settings, SCHEMAS) as one:
        write(one.connection, SYSTEM, page([("a", 3)], []))
    with vault.opened(settings, {"forge_changes": CHANGES.schema.remove(1)}) as one:
        assert rows(one, "forge_changes") == [("a",)]
