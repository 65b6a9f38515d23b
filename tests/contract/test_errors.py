"""The trees of errors are drawn whole: who looks for what can go wrong finds all of it at the head of errors.py."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLASS = re.compile(r"^class (\w+)\((\w+)\):", re.MULTILINE)
DRAWN = re.compile(r"[├└]── (\w+)")


@pytest.mark.parametrize(("package", "root"), [("orchestration", "QuorumError"), ("sources", "SourceError")])
def test_every_error_stands_in_the_tree(package: str, root: str) -> None:
    parents = dict(CLASS.findall("\n".join(path.read_text() for path in (ROOT / package).rglob("*.py"))))

    def below(name: str) -> Iterable[str]:
        for child in (one for one, parent in parents.items() if parent == name):
            yield child
            yield from below(child)

    drawn = DRAWN.findall((ROOT / package / "errors.py").read_text())
    assert sorted(drawn) == sorted(below(root))
