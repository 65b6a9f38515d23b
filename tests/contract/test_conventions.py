"""The conventions of dbt_project, as dbt-bouncer reads them from dbt's manifest; it names what broke which."""

from pathlib import Path

import pytest
import yaml
from dbt_bouncer.cli.run.utils import run_bouncer

CONVENTIONS = Path(__file__).parents[2] / "dbt-bouncer.yml"


def test_the_project_keeps_its_conventions(
    dbt_targets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DBT_BOUNCER_DISABLE_CONF_CACHE", "1")
    monkeypatch.setenv("COLUMNS", "160")
    conventions = yaml.safe_load(CONVENTIONS.read_text()) | {"dbt_artifacts_dir": str(dbt_targets / "all")}
    (tmp_path / CONVENTIONS.name).write_text(yaml.safe_dump(conventions))
    broken = run_bouncer(tmp_path / CONVENTIONS.name, show_all_failures=True, verbosity=1)
    assert not broken, capfd.readouterr().out
