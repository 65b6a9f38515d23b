"""Identifiers are found in every disguise the detectors name, quickly, and product words are spared."""

import time

import pytest

from expectations.detectors import DETECTORS, EXAMPLES, PSEUDONYMS, Identifiers, fold

BY_NAME = {detector.name: detector for detector in DETECTORS}


@pytest.mark.parametrize("name", BY_NAME)
def test_a_detector_matches_its_examples_and_spares_the_others(name):
    detector, people = BY_NAME[name], Identifiers(EXAMPLES, PSEUDONYMS)
    assert [text for text in detector.matches if not detector.finds(text, people)] == []
    assert [text for text in detector.spares if detector.finds(text, people)] == []


@pytest.mark.parametrize("text", ["rest:payments", "payments:direct", "team-17", "2026-W05", "Zahlungen & Löhne", ""])
def test_ordinary_unit_names_are_spared(text):
    people = Identifiers(EXAMPLES)
    assert [detector.name for detector in DETECTORS if detector.finds(text, people)] == []


def test_the_digest_of_the_set_does_not_depend_on_order():
    assert Identifiers(["a", "b"]).digest == Identifiers(["b", "a"]).digest != Identifiers(["a"]).digest


def test_empty_identifiers_match_nothing():
    assert not BY_NAME["identifier"].finds("payments", Identifiers(["", "  "]))


def test_names_that_look_alike_fold_alike():
    assert fold("Ｚoë\u200b STRAẞE") == fold("zoe strasse")


def test_ten_thousand_identifiers_and_a_thousand_cells_take_a_moment():
    people = Identifiers(f"person{n}.surname{n}@example.org" for n in range(10_000))
    started = time.perf_counter()
    for n in range(1000):
        for detector in DETECTORS:
            detector.finds(f"Team {n}: platform and payments", people)
    assert time.perf_counter() - started < 3
