"""Events that were posted to us and wait for the night: lines as they came, encrypted, a file a day in the home.

The vault has one holder at a time, and a pipeline that tells of a deployment must not wait for a night to end. A body
is kept before it is acknowledged, whole or not at all: what a full disk or a kill left of one is no token, and its
sender was told nothing. The night reads all days in their order, like one file.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.keys import obtain
from orchestration.vault import make_home

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

    from orchestration.settings import Settings

NAME = "inbox"


@dataclass(frozen=True, slots=True)
class Inbox:
    """The folder of what waits, and the key it is written with."""

    folder: Path
    key: bytes = field(repr=False)

    def take(self, lines: bytes) -> None:
        """Keep a body of JSON Lines; on disk when this returns."""
        from filelock import FileLock

        self.folder.mkdir(mode=0o700, exist_ok=True)
        path = self.folder / f"{datetime.now(UTC).date()}.events"
        with FileLock(self.folder / "lock"):
            begun = path.exists() and not path.read_bytes().endswith(b"\n")  # by somebody who was killed
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "ab") as file:
                file.write(b"\n" * begun + self._box().encrypt(lines) + b"\n")
                file.flush()
                os.fsync(file.fileno())

    def lines(self) -> bytes:
        """All that was ever taken, oldest first."""
        from cryptography.fernet import InvalidToken

        found = []
        for path in sorted(self.folder.glob("*.events")):
            for token in path.read_bytes().split(b"\n"):
                try:
                    found.append(self._box().decrypt(token))
                except InvalidToken:
                    continue
        return b"\n".join(found)

    def _box(self) -> Fernet:
        from cryptography.fernet import Fernet

        return Fernet(base64.urlsafe_b64encode(self.key))


def inbox(settings: Settings) -> Inbox:
    """The inbox of this home, made when it is missing."""
    make_home(settings)
    return Inbox(settings.home / NAME, obtain(settings).inbox)
