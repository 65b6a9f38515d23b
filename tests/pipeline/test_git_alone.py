"""A deployment with git alone is a real one: it publishes code volume, and names the tables without a source."""

from pathlib import Path

import pytest

from tests.pipeline.between import between
from tests.pipeline.built import company, new_home
from tests.pipeline.story import FIRST

CONFIG = """
roster: http://127.0.0.1:{port}/roster.yaml
systems:
  git:
    repositories:
      - http://127.0.0.1:{port}/git/meridian/tooling.git
      - http://127.0.0.1:{port}/git/meridian/build-system.git
"""
PUBLISHED = "select count(*) from team_code_volume where status = 'published' and lines_added > 0"


@pytest.mark.slow
def test_git_alone_publishes_code_volume_and_names_the_tables_without_a_source(tmp_path: Path):
    with between("") as middle, company(middle, until=FIRST):
        home = new_home(tmp_path / "home", middle.port)
        (home.folder / "quorum.yaml").write_text(CONFIG.format(port=middle.port))
        night = home.night(FIRST)
    assert night.status == 0, night.said
    assert "team_code_volume: " in night.said
    for table in ("team_delivery", "team_tasks", "team_ci"):
        assert f"{table}: no system that it needs is in quorum.yaml" in night.said
    assert home.rows(PUBLISHED)[0][0] > 0
    assert home.rows("select distinct table_name from periods") == [("team_code_volume",)]
    assert (home.release / "report" / "index.html").stat().st_size > 0
