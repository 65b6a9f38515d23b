"""One story a session: the nights are run once, and every test looks at what they left behind."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.pipeline.between import between
from tests.pipeline.built import ROOT, Home, new_home
from tests.pipeline.story import FIRST, MEMORY, Story, tell


@pytest.fixture(scope="session")
def story(tmp_path_factory):
    folder = tmp_path_factory.mktemp("story")
    with between("") as middle:
        home = new_home(folder / "home", middle.port, MEMORY, threads=1)
        told = Story(home, middle, first=Home(folder / "first", middle.port), kept=folder / "kept")
        tell(told)
        yield told


@pytest.fixture(scope="session")
def truth(tmp_path_factory) -> Path:
    """What really happened until the first night, by the company's own account."""
    folder = tmp_path_factory.mktemp("truth")
    command = [sys.executable, "-m", "orchestration", "sandbox", "truth", str(folder), "--until", FIRST.isoformat()]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def identifiers(truth: Path) -> list[str]:
    """Every name, login, address and account id that exists."""
    return (truth / "identifiers.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture
def copied(story: Story, tmp_path: Path) -> Home:
    """A home as the first night left it, to do what one likes to."""
    return story.first.copy(tmp_path / "home")
