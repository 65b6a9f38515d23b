"""Every attack of the catalogue on what the models make: it must learn nothing."""

import pytest

import tests.attacks.mounted  # noqa: F401  enters the attacks
from tests.attacks.catalogue import ATTACKS
from tests.attacks.laboratory import publish


@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_the_attack_learns_nothing(name):
    assert list(ATTACKS[name].mount(publish)) == []
