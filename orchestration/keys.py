"""One secret, three uses apart: HKDF derives the keys of vault, pseudonyms and inbox from it.

It comes from `QUORUM_KEY`, from the output of `key_command`, or from the file `key` in the home, which the first run
makes. A key is never made beside a vault that exists: that vault has another one.
"""

from __future__ import annotations

import secrets
import stat
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.errors import ConfigError, WrongKey

if TYPE_CHECKING:
    from orchestration.settings import Settings

SHORTEST = 32  # characters; what the first run makes has 64


@dataclass(frozen=True, slots=True)
class Keys:
    """The derived keys."""

    vault: str = field(repr=False)  # as DuckDB and dbt take it
    pseudonyms: bytes = field(repr=False)
    inbox: bytes = field(repr=False)


def obtain(settings: Settings) -> Keys:
    """The keys of this home."""
    return derive(_secret(settings))


def derive(secret: str) -> Keys:
    """The keys that a secret stands for."""
    if len(secret) < SHORTEST:
        message = f"the key is shorter than {SHORTEST} characters: make one with `openssl rand -hex 32`"
        raise ConfigError(message)
    vault, pseudonyms, inbox = (_hkdf(secret, f"quorum {use}".encode()) for use in ("vault", "pseudonyms", "inbox"))
    return Keys(vault.hex(), pseudonyms, inbox)


def _hkdf(secret: str, use: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=32, salt=None, info=use).derive(secret.encode())


def _secret(settings: Settings) -> str:
    if settings.key is not None:
        return settings.key.get_secret_value().strip()
    if settings.key_command:
        return _said_by(settings.key_command)
    path = settings.home / "key"
    if path.exists():
        return _read(path)
    if settings.vault_file.exists():
        message = (
            f"the vault's key is gone: set QUORUM_KEY or put the file {path} back (mode 0600). Nothing was changed"
        )
        raise WrongKey(message)
    return _made(path)


def _read(path: Path) -> str:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        message = f"{path} can be read by others (mode {mode:04o}): chmod 600 {path}"
        raise ConfigError(message)
    return path.read_text().strip()


def _made(path: Path) -> str:
    secret = secrets.token_hex(32)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(secret + "\n")
    fresh.rename(path)
    return secret


def _said_by(command: tuple[str, ...]) -> str:
    try:
        answer = subprocess.run(command, capture_output=True, check=True, timeout=60, text=True)
    except (OSError, subprocess.SubprocessError):
        message = "quorum.yaml: key_command did not print a key: run it by hand and look at what it says"
        raise ConfigError(message) from None
    return answer.stdout.strip()
