"""Compiles dbt's project twice with one import: as it is, and as on every night but the first.

    python -m orchestration.dbt_compiler FOLDER [OPTION…]

After the first night incremental models read themselves, by branches of their SQL that the first night does not take.
There is no vault to compile against, so the second project is a copy in which `is_incremental` says yes.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

PROJECT = Path(__file__).resolve().parents[1] / "dbt_project"
FIRST, LATER = "static", "later"
YES = """
{% macro is_incremental() %}{{ return(model.config.materialized == "incremental") }}{% endmacro %}
"""


def places(folder: Path, project: Path = PROJECT) -> list[str]:
    """Where dbt reads its project and leaves its files; no log."""
    given = {"--project-dir": project, "--profiles-dir": project, "--target-path": folder, "--log-path": folder}
    return [*(word for name, path in given.items() for word in (name, str(path))), "--log-level-file", "none"]


def compile_project(folder: Path, project: Path, options: Sequence[str]) -> bool:
    """Whether dbt compiled it; what it made lies in the folder."""
    from dbt.cli.main import dbtRunner

    quiet = ["--quiet", "--no-send-anonymous-usage-stats"]
    result = dbtRunner().invoke([*quiet, "compile", "--target", "static", *places(folder, project), *options])
    return bool(result.success)


def later(folder: Path) -> Path:
    """The project as on later nights, copied into an empty folder."""
    project = folder / "project"
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    (project / "macros" / "is_incremental.sql").write_text(YES)
    return project


def main(words: Sequence[str]) -> int:
    """Compile both; 1 if dbt cannot."""
    folder, options = Path(words[0]), words[1:]
    if not compile_project(folder / FIRST, PROJECT, options):
        return 1
    with TemporaryDirectory(dir=folder) as place:
        return 0 if compile_project(folder / LATER, later(Path(place)), options) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
