"""Each attack of the threat model is mounted: by a function of the catalogue, or by a test that bears its number.

A mark on a whole module would say that every test in it mounts every attack, so there is none.
"""

import re
from pathlib import Path

from tests.attacks.mounted import ATTACKS
from tests.attacks.mutations import MUTATIONS

KNOWN = 51
MARK = re.compile(r"^@pytest\.mark\.attack\(([0-9, ]+)\)$", re.MULTILINE)
WHOLE = re.compile(r"^pytestmark = .*attack", re.MULTILINE)


def test_every_attack_is_mounted():
    mounted = {number for attack in ATTACKS.values() for number in attack.numbers}
    for path in Path(__file__).parents[1].rglob("test_*.py"):
        for numbers in MARK.findall(path.read_text(encoding="utf-8")):
            mounted |= {int(number) for number in numbers.split(",")}
    assert sorted(set(range(1, KNOWN + 1)) - mounted) == []


def test_what_a_mutation_lets_succeed_exists():
    assert {name for mutation in MUTATIONS for name in mutation.attacks} <= set(ATTACKS)


def test_attacks_are_marked_one_by_one():
    whole = [path for path in Path(__file__).parents[1].rglob("test_*.py") if WHOLE.search(path.read_text("utf-8"))]
    assert whole == []
