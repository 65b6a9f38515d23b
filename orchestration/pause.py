"""The switch that stops publishing: a file in the home, which works while a night holds the vault.

Who sets it, an operator or a drill that failed, is one of a few words. The publisher looks before it begins and again
before readers would see a release. What is withdrawn (`quorum retract`) is not stopped: taking back is never wrong.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

REASONS = ("operator", "incident", "drill")
NAME = "paused"


@dataclass(frozen=True, slots=True)
class Pause:
    """Since when publishing is stopped, and on whose word."""

    since: str
    reason: str

    def __str__(self) -> str:
        return f"publishing is paused since {self.since} ({self.reason}): `quorum resume` ends it"


def paused(home: Path) -> Pause | None:
    """The pause that holds, if any; a file that cannot be read holds too."""
    path = home / NAME
    if not path.exists():
        return None
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        since, reason = datetime.fromisoformat(told["since"]), str(told["reason"])
    except (OSError, ValueError, KeyError, TypeError):
        return Pause("some time", "operator")
    return Pause(f"{since:%Y-%m-%d %H:%M} UTC", reason if reason in REASONS else "operator")


def pause(home: Path, reason: str) -> Pause:
    """Stop publishing from now on; one that holds already stays as it is."""
    if reason not in REASONS:
        message = f"a pause has one of the reasons {', '.join(REASONS)}"
        raise ValueError(message)
    known = paused(home)
    if known is None:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        fresh = home / f".{NAME}.new"
        fresh.write_text(json.dumps({"since": now.isoformat(), "reason": reason}) + "\n", encoding="utf-8")
        fresh.chmod(0o600)
        fresh.replace(home / NAME)
    return known or paused(home) or Pause("now", reason)


def resume(home: Path) -> bool:
    """Publish again from the next night on; whether there was a pause."""
    path = home / NAME
    there = path.exists()
    path.unlink(missing_ok=True)
    return there
