"""The folder of releases: one link, the last two releases, what is not ours left alone."""

import pytest

from orchestration.release import ReleaseError
from tests.unit.release_world import P1, P2, P3
from tests.unit.release_world import world as made


@pytest.fixture
def world(tmp_path, monkeypatch):
    with made(tmp_path, monkeypatch) as world:
        yield world


def test_the_last_two_releases_stay(world):
    for start in (P1, P2, P3):
        world.released(start)
    names = sorted(path.name for path in (world.published.parent / "releases").iterdir())
    assert names == ["2026-11-23-2", "2026-11-23-3"]


def test_what_others_keep_beside_the_releases_stays(world):
    theirs = world.published.parent / "releases" / "v1.0"
    theirs.mkdir(parents=True)
    for start in (P1, P2, P3):
        world.released(start)
    assert {path.name for path in theirs.parent.iterdir()} == {"2026-11-23-2", "2026-11-23-3", "v1.0"}


def test_two_vaults_cannot_share_a_folder_of_releases(world):
    theirs = world.published.parent / "releases" / "2026-11-23-1"
    theirs.mkdir(parents=True)
    world.published.with_name("theirs").symlink_to("releases/2026-11-23-1")
    with pytest.raises(ReleaseError, match="another link"):
        world.released(P1)
    assert theirs.is_dir()


@pytest.mark.parametrize(("home", "mode"), [(0o700, 0o600), (0o755, 0o644)])
def test_who_may_read_is_the_folders_affair(world, home, mode):
    world.published.parent.mkdir(mode=home)
    world.published.parent.chmod(home)
    path = world.released(P1).release.path
    assert {one.stat().st_mode & 0o777 for one in path.rglob("*") if one.is_file()} == {mode}
    assert {one.stat().st_mode & 0o777 for one in (path, path / "parquet", path.parent)} == {mode | mode >> 2 & 0o111}


def test_a_folder_in_the_place_of_the_link_is_left_alone(world):
    world.published.mkdir(parents=True)
    with pytest.raises(ReleaseError, match="no link"):
        world.publish()


def test_a_link_that_leads_elsewhere_is_refused(world, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    world.published.parent.mkdir()
    world.published.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ReleaseError, match="does not lead to a release"):
        world.publish()
