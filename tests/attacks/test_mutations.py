"""Each protection switched off alone: an attack must then succeed, else the suite proves nothing."""

import pytest

from tests.attacks.laboratory import publish
from tests.attacks.mounted import ATTACKS
from tests.attacks.mutations import MUTATIONS

FAST = ("rounding", "clips")  # need no second compilation


def _slow(mutation):
    return [] if mutation.name in FAST else [pytest.mark.slow]


@pytest.mark.parametrize("mutation", [pytest.param(m, id=m.name, marks=_slow(m)) for m in MUTATIONS])
def test_without_this_protection_an_attack_succeeds(mutation):
    def unprotected(company, after=None):
        return publish(company, mutation.policy, mutation.changes, after if mutation.keeps else None)

    learned = {name: list(ATTACKS[name].mount(unprotected)) for name in mutation.attacks}
    assert all(learned.values()), learned
