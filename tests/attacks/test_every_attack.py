"""Each attack of the threat model's catalogue is mounted by some test: by number, in the catalogue or by its mark."""

import re
from pathlib import Path

from tests.attacks.mounted import ATTACKS
from tests.attacks.mutations import MUTATIONS

KNOWN = 51
MARK = re.compile(r"mark\.attack\(([0-9, ]+)\)")


def test_every_attack_is_mounted():
    mounted = {number for attack in ATTACKS.values() for number in attack.numbers}
    for path in Path(__file__).parents[1].rglob("test_*.py"):
        for numbers in MARK.findall(path.read_text(encoding="utf-8")):
            mounted |= {int(number) for number in numbers.split(",")}
    assert sorted(set(range(1, KNOWN + 1)) - mounted) == []


def test_what_a_mutation_lets_succeed_exists():
    assert {name for mutation in MUTATIONS for name in mutation.attacks} <= set(ATTACKS)
