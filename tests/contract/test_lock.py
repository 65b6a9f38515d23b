"""The lock file agrees with pyproject.toml: everything asked for is pinned, in a version that is allowed, by digest."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?==(?P<version>[^\s;\\]+)", re.MULTILINE)


def test_the_lock_file_agrees_with_pyproject() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lock = (ROOT / "requirements.txt").read_text()
    pins: dict[str, set[str]] = {}
    for pin in PIN.finditer(lock):
        pins.setdefault(canonicalize_name(pin["name"]), set()).add(pin["version"])

    def complaints() -> Iterable[str]:
        for asked in map(Requirement, [*project["dependencies"], *project["optional-dependencies"]["dev"]]):
            pinned = pins.get(canonicalize_name(asked.name), set())
            if not pinned or not all(asked.specifier.contains(version) for version in pinned):
                yield f"{asked}: requirements.txt has {', '.join(sorted(pinned)) or 'nothing'}; run `make lock`"

    found = sorted(complaints())
    assert not found, "\n" + "\n".join(found)


def test_every_pin_has_a_digest_and_no_address() -> None:
    lock = (ROOT / "requirements.txt").read_text()
    blocks = [block for block in re.split(r"\n(?=\S)", lock) if "==" in block]
    assert [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in lock
