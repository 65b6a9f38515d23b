"""Fetch the roster and read it in memory: a path, an http(s) address, or two CSV files. Its names never lie on disk.

Relative paths start at the folder of quorum.yaml. Errors name the key of quorum.yaml, not the address.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.errors import ConfigError

if TYPE_CHECKING:
    from orchestration.settings import Settings
    from sources.roster import Roster

LARGEST = 64 * 2**20  # bytes


def read_roster(settings: Settings) -> Roster:
    """The checked roster."""
    from sources.roster import parse_roster

    given = settings.roster
    if isinstance(given, str):
        return parse_roster(_fetched(settings, given, "roster"), depth=settings.depth)
    units, people = _fetched(settings, given.units, "roster.units"), _fetched(settings, given.people, "roster.people")
    return parse_roster(units, people, settings.depth)


def _fetched(settings: Settings, where: str, key: str) -> bytes:
    if where.startswith(("http://", "https://")):
        return _downloaded(settings, where, key)
    try:
        return (settings.project / Path(where).expanduser()).read_bytes()
    except OSError:
        message = f"quorum.yaml: {key}: the file cannot be read: check the path and its mode"
        raise ConfigError(message) from None


def _downloaded(settings: Settings, address: str, key: str) -> bytes:
    from sources.api import Api
    from sources.limits import Limits
    from sources.reading import Connection

    there = Connection(address, proxies=settings.proxies, ca=settings.ca)
    return Api(there, Limits(bytes=LARGEST)).fetch(f"quorum.yaml: {key}")
