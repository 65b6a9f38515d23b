"""What is taken back is withheld for every reader, stays sealed, and says why in one word."""

from types import SimpleNamespace

import pytest

from orchestration import publish as publishing
from orchestration.pause import pause
from orchestration.register import RELEASES, entries
from orchestration.release import ReleaseError, Shelf
from orchestration.retract import retract, withdrawal
from orchestration.verify import examined
from tests.unit.release_world import P1, P2, POLICY
from tests.unit.release_world import world as made

KEY = ("team_delivery", P1)


@pytest.fixture
def world(tmp_path, monkeypatch):
    with made(tmp_path, monkeypatch) as world:
        yield world


def withdrawn(world, key=KEY, reason="late-data"):
    return retract(world.vault, world.publication, key, reason)


def test_its_rows_stay_in_the_grid_and_are_withheld(world):
    world.released(P1, P2)
    release = withdrawn(world)
    told = "select period_start, status, changes_merged, count(*) from team_delivery group by all order by 1"
    assert world.rows(told) == [(P1, "withheld", None, 4), (P2, "published", 20, 4)]
    assert world.rows("select distinct table_name, period_start from cells order by all") == [
        ("team_delivery", P2),
        ("team_tasks", P1),
        ("team_tasks", P2),
    ]
    assert world.rows("select action, reason, policy from releases order by release_id") == [
        ("publish", None, POLICY),
        ("retract", "late-data", POLICY),
    ]
    assert world.rows(
        f"select release_id from periods where table_name = 'team_delivery' and period_start = '{P1}'"
    ) == [(release.release_id,)]
    assert examined(release.path).faults == ()


def test_the_releases_that_still_show_it_are_gone_at_once(world):
    world.released(P1)
    release = withdrawn(world)
    assert [path.name for path in release.path.parent.iterdir()] == [release.release_id]


def test_it_stays_sealed_and_is_carried_on(world):
    world.released(P1)
    withdrawn(world)
    assert world.publish() == publishing.Outcome(None, ())
    world.released(P2)
    assert world.rows("select distinct status from team_delivery where period_start = '2026-08-10'") == [("withheld",)]
    assert len(entries(world.vault, RELEASES)) == 3


def test_it_is_not_stopped_by_a_pause(world):
    world.released(P1)
    pause(world.publication.home, "incident")
    assert withdrawn(world, reason="erasure").release_id == "2026-11-23-2"


@pytest.mark.parametrize(
    ("key", "reason", "said"),
    [
        (KEY, "because Ada asked", "the reason is one of late-data, wrong-source, wrong-roster, erasure"),
        (("team_delivery", P2), "erasure", "no period of team_delivery that begins on 2026-09-07 was released"),
        (("releases; drop table x", P1), "erasure", "was released"),
    ],
)
def test_what_cannot_be_taken_back_changes_nothing(world, key, reason, said):
    world.released(P1)
    before = world.files()
    with pytest.raises(ReleaseError, match=said):
        withdrawn(world, key, reason)
    assert world.files() == before


def test_it_is_taken_back_once(world):
    world.released(P1)
    withdrawn(world)
    with pytest.raises(ReleaseError, match="withdrawn already"):
        withdrawn(world)


def test_a_leak_is_taken_back_though_the_detectors_would_find_it_today(world, monkeypatch):
    """They have grown stricter since, or the table is registered no more: what finds a leak must not keep it there."""
    world.block(P1, teams=("ann@acme.example", "blue"))
    world.judge(P1)
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "inspect", lambda *_: None)
        world.publish()
    withdrawn(world)
    assert world.rows("select distinct status, changes_merged from team_delivery") == [("withheld", None)]


def test_what_takes_back_asks_neither_dbt_nor_roster_and_tells_nothing_new(world, tmp_path):
    manifest = tmp_path / "manifest.json"
    manifest.write_text('{"metadata": {"dbt_schema_version": "v12", "dbt_version": "1"}, "nodes": {}, "exposures": {}}')
    world.block(P1)
    world.judge(P1)
    first = world.publish(manifest=manifest).release.path
    told = [world.rows(f"from {name}") for name in ("units", "movers", "metric_dictionary")]
    page = (first / "docs" / "index.html").read_text()
    manifest.unlink()
    world.vault.execute("drop schema vault.intermediate cascade")
    settings = SimpleNamespace(published=world.published, home=world.publication.home)
    vault = SimpleNamespace(clock=world.publication.clock)
    release = retract(world.vault, withdrawal(settings, vault), KEY, "wrong-roster")
    assert [world.rows(f"from {name}") for name in ("units", "movers", "metric_dictionary")] == told
    assert (release.path / "docs" / "index.html").read_text() == page
    assert examined(release.path).faults == ()


def test_a_folder_that_cannot_be_removed_is_told_until_it_is_gone(world, monkeypatch):
    first = world.released(P1).release.path
    with monkeypatch.context() as patch:
        patch.setattr("orchestration.release.shutil.rmtree", lambda *_, **__: None)
        for attempt in (lambda: withdrawn(world), world.repair):
            with pytest.raises(ReleaseError, match=f"{first.name} cannot be removed"):
                attempt()
    assert world.rows("select distinct status from team_delivery") == [("withheld",)]
    world.repair()
    assert not first.exists()


@pytest.mark.parametrize("step", ["place", "intend", "swap", "seal", "clear"])
def test_a_crash_at_any_step_leaves_the_old_or_the_new(world, monkeypatch, step):
    world.released(P1)
    owner = publishing.register if step in ("intend", "seal") else Shelf
    with monkeypatch.context() as patch:
        patch.setattr(owner, step, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            withdrawn(world)
    statuses = world.rows("select distinct status from team_delivery")
    seen = step in ("seal", "clear")
    assert statuses == [("withheld",)] if seen else [("published",)]
    world.repair()
    if seen:
        assert [path.name for path in (world.published.parent / "releases").iterdir()] == ["2026-11-23-2"]
    assert len(entries(world.vault, RELEASES)) == (2 if seen else 1)
    assert examined(world.published.resolve()).faults == ()
    assert world.publish().release is None
