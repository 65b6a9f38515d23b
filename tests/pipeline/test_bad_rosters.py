"""A roster that cannot be used: nobody can be protected, so the night ends red and what is published stays as it is."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.pipeline.between import Reply, only
from tests.pipeline.built import Home, company
from tests.pipeline.leaks import found, needles
from tests.pipeline.story import CLOSING, Story

UNKNOWN = "nowhere-at-all"


def unknown_team(text: str) -> str:
    head, _, people = text.partition("people:")
    return f"{head}people:{people.replace('- team: ', f'- team: {UNKNOWN}-', 1)}"


def overlap(text: str) -> str:
    """Somebody is on a second team from the first day on."""
    head, _, people = text.partition("people:")
    first = people.partition("- team: ")[2].partition("\n")[0]
    again = f"- team: {first}\n    from: 2020-01-01\n  - team: {first}"
    return f"{head}people:{people.replace(f'- team: {first}', again, 1)}"


def duplicate_account(text: str) -> str:
    """The first account of one person is the second person's too."""
    head, _, people = text.partition("people:")
    first, second = (part.partition("\n")[0] for part in people.split("    github:\n    - ")[1:3])
    return f"{head}people:{people.replace(second, first, 1)}"


def bad_utf8(text: str) -> bytes:
    return text.encode() + b"# \xff\n"


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (unknown_team, "unknown team"),
        pytest.param(overlap, "overlap", marks=pytest.mark.slow),
        pytest.param(duplicate_account, "account", marks=pytest.mark.slow),
        pytest.param(bad_utf8, "UTF-8", marks=pytest.mark.slow),
    ],
)
def test_a_roster_with_a_fault_stops_the_night_and_is_told_by_row_and_kind(
    story: Story, copied: Home, identifiers: list[str], harm: Callable[[str], str | bytes], said: str
):
    def spoil(reply: Reply) -> Reply:
        text = harm(reply.body.decode())
        return replace(reply, body=text.encode() if isinstance(text, str) else text)

    before, place = copied.files(), copied.release
    with company(story.middle, until=CLOSING):
        story.middle.spoil = only("roster.yaml", spoil)
        try:
            night = copied.night(CLOSING)
        finally:
            story.middle.spoil = lambda reply: reply
    assert night.status == 1
    (line,) = [line for line in night.said.splitlines() if "The roster has problems" in line]
    assert "row " in line
    assert said in line
    assert UNKNOWN not in night.said
    assert "Traceback" not in night.said
    assert (copied.files(), copied.release) == (before, place)
    (copied.folder / "said.log").write_text(night.said)
    out = [copied.quorum / "vault", copied.quorum / "key"]
    assert found([copied.folder], needles(identifiers, copied.pseudonyms()), leave_out=out) == []
