"""Every attack of the catalogue on what the models make: it must learn nothing."""

import pytest

from tests.attacks.laboratory import publish
from tests.attacks.mounted import ATTACKS

SLOW = ("few", "nights")  # modules whose attacks run in make test-all, but for a few
FAST = ("a_rate_of_nine_changes", "work_that_comes_late")


def _slow(name):
    is_slow = ATTACKS[name].mount.__module__.rpartition(".")[2] in SLOW and name not in FAST
    return [pytest.mark.slow] if is_slow else []


@pytest.mark.parametrize("name", [pytest.param(name, marks=_slow(name)) for name in sorted(ATTACKS)])
def test_the_attack_learns_nothing(name):
    assert list(ATTACKS[name].mount(publish)) == []
