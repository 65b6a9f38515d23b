"""What a reader remembers of a scope between nights: a string in the vault that only the reader understands."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Kept:
    """The base of a reader's place; each field has a default, which is the beginning."""

    @classmethod
    def of(cls, cursor: str | None) -> Self:
        """The place that a cursor holds; the beginning if it holds none."""
        try:
            return cls(**json.loads(cursor)) if cursor else cls()
        except (TypeError, ValueError):
            return cls()

    @property
    def cursor(self) -> str:
        """The place as a cursor."""
        return json.dumps(asdict(self))
