"""What an error may tell: ours as they are, all others by class and place alone."""

import traceback

import pytest

from orchestration.errors import ConfigError
from orchestration.redact import Unexpected, band, redacted
from orchestration.roster_file import read_roster
from sources.errors import Unavailable


@pytest.mark.attack(12, 13)
def test_a_foreign_error_loses_its_text_and_its_cause():
    with pytest.raises(Unexpected, match=r"^AttributeError at orchestration/roster_file.py:\d+") as caught, redacted():
        read_roster("canary")
    shown = "".join(traceback.format_exception(caught.value))
    assert "canary" not in shown
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("error", [ConfigError("what, where, what to do"), Unavailable("down", "/path")])
def test_errors_of_ours_pass(error):
    error.add_note("canary")
    with pytest.raises(type(error)) as caught, redacted():
        raise error from ValueError("canary")
    assert not hasattr(caught.value, "__notes__")
    assert str(caught.value) == str(error)
    assert caught.value.__cause__ is None


def test_counts_are_told_in_bands():
    assert [band(n) for n in (0, 1, 99, 100, 114, 116, 995, 12345)] == [
        "0", "<100", "<100", "100", "110", "120", "1000", "12000",
    ]  # fmt: skip
