"""Every key of quorum.yaml is told in docs/configure.md, with its default where that is a number of the policy."""

import re
from dataclasses import asdict
from pathlib import Path

from expectations.policy import Policy
from orchestration.settings import Frozen

PAGE = (Path(__file__).parents[2] / "docs" / "configure.md").read_text()
WORDS = set(re.findall(r"\w+", " ".join(re.findall(r"`[^`\n]+`", PAGE))))


def test_every_key_is_explained() -> None:
    keys = {key for block in Frozen.__subclasses__() for key in block.model_fields}
    assert [key for key in keys if key not in WORDS] == []


def test_every_threshold_is_explained() -> None:
    assert [key for key in asdict(Policy()) if key not in WORDS] == []
