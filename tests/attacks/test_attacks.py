"""Every attack of the catalogue on what the models make: it must learn nothing."""

import pytest

from tests.attacks.laboratory import publish
from tests.attacks.mounted import ATTACKS


@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_the_attack_learns_nothing(name):
    assert list(ATTACKS[name].mount(publish)) == []
