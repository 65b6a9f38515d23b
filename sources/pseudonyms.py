"""Keyed pseudonyms: what an account, a repository or a record is called inside the vault.

HMAC-SHA-256, 128 bits kept, one per distinct value and namespace, made once a run. Without the key they can be neither
made nor checked. Accounts and scopes are folded first, so that two spellings of one name are one; ids are not. Whom the
configuration lists as a machine has none, so that nothing of it is stored but the flag.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC  # half the time of the standard library's

NOBODY = {"", "ghost"}  # the platform's stand-in for a deleted account


def fold(value: str) -> str:
    """The form in which two spellings of one name are equal."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold()).strip()


class Known(dict[str, str | None]):
    """The pseudonyms of one namespace; a missing one is made when it is looked up."""

    def __init__(self, key: bytes, kind: str, space: str) -> None:
        super().__init__()
        self._kind = kind
        self._begun = HMAC(key, SHA256())
        self._begun.update(f"{kind}\0{space}\0".encode())  # what all of them share

    def __missing__(self, value: str) -> str | None:
        text = value if self._kind == "key" else fold(value)
        if self._kind == "account" and text in NOBODY:
            made = None
        else:
            spoken = self._begun.copy()
            spoken.update(text.encode(errors="surrogatepass"))
            made = spoken.finalize()[:16].hex()
        self[value] = made
        return made

    def __repr__(self) -> str:
        return "Known()"


class Pseudonyms:
    """All pseudonyms under one key; `machines` lists accounts by namespace."""

    __slots__ = ("_key", "_spaces", "machines")

    def __init__(self, key: bytes, machines: Mapping[str, Iterable[str]] | None = None) -> None:
        if len(key) < 16:
            message = "the key of the pseudonyms is shorter than 16 bytes: take the one that the vault derives"
            raise ValueError(message)
        self._key = key
        self._spaces: dict[tuple[str, str], Known] = {}
        listed = (machines or {}).items()
        self.machines = frozenset((space, fold(name)) for space, names in listed for name in names)

    def __repr__(self) -> str:
        return "Pseudonyms()"

    def known(self, kind: str, space: str) -> Known:
        """The pseudonyms of one namespace, for many look-ups."""
        if (kind, space) not in self._spaces:
            self._spaces[kind, space] = Known(self._key, kind, space)
        return self._spaces[kind, space]

    def account(self, space: str, value: str) -> str | None:
        """A person's account: space github, jira or email. None for nobody, and for a listed machine."""
        return None if self.is_machine(space, value) else self.known("account", space)[value]

    def is_machine(self, space: str, value: str) -> bool:
        """Whether the configuration lists an account as a machine."""
        return bool(self.machines) and (space, fold(value)) in self.machines

    def accounts(self) -> set[str]:
        """Every person's account that was met, in clear: to be looked for in memory, never to be written."""
        spaces = (known for (kind, _), known in self._spaces.items() if kind == "account")
        return {value for known in spaces for value, made in known.items() if made and not value.endswith("[bot]")}

    def scope(self, space: str, value: str) -> str:
        """A repository (`owner/name`, the same for GitHub and git) or a project (its key)."""
        return self.known("scope", space)[value] or ""

    def key(self, space: str, value: str) -> str:
        """Anything else that rows are told apart by; not folded, as ids may differ by case alone."""
        return self.known("key", space)[value] or ""
