"""An address as git writes it, told as an account.

GitHub's no-reply addresses carry the login, every other one stands for itself. Roster and readers use the same rule, so
that a commit made with a no-reply address finds the person by their GitHub login.
"""

from __future__ import annotations

import re

NOREPLY = re.compile(r"(?:\d+\+)?([^@+\s]+)@users\.noreply\.github\.com", re.IGNORECASE)
MACHINES = frozenset(
    {
        "action@github.com",
        "actions@github.com",
        "bot@renovateapp.com",
        "noreply@github.com",
        "support@dependabot.com",
    }
)


def account(address: str) -> tuple[str, str]:
    """(namespace, account): ("github", login) for GitHub's no-reply addresses, else ("email", address)."""
    found = NOREPLY.fullmatch(address.strip())
    return ("github", found[1]) if found else ("email", address)


def is_bot(address: str) -> bool:
    """Whether a machine commits under this address: GitHub marks its apps by `[bot]`, a few have one of their own."""
    return "[bot]" in address or address.strip().lower() in MACHINES
