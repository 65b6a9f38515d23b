"""workspace.yaml, by which `quorum ui` starts Dagster, leads to what `make check` loads: one module under one name."""

import tomllib
from pathlib import Path

from dagster._core.workspace.autodiscovery import loadable_targets_from_python_module
from dagster._core.workspace.load import location_origins_from_yaml_paths

ROOT = Path(__file__).parents[2]


def test_the_ui_loads_what_is_checked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["dg"]["project"]
    [origin] = location_origins_from_yaml_paths([str(ROOT / "workspace.yaml")])
    target = origin.loadable_target_origin
    assert origin.location_name == project["code_location_name"]
    assert target.module_name == project["code_location_target_module"]
    [found] = loadable_targets_from_python_module(target.module_name, target.working_directory)
    assert found.attribute == "defs"
