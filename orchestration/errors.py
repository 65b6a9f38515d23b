"""What can go wrong in the wiring, as types; each carries the exit code of the command line.

    QuorumError
    ├── ConfigError      2  quorum.yaml or the environment is wrong
    ├── VaultError       3  the vault cannot be opened or written
    │   ├── VaultLocked     another writer holds it
    │   ├── WrongKey        it was made with another key, or the key is gone
    │   ├── VaultDamaged    the file is no whole database
    │   └── VaultFull       the disk is full
    ├── BuildError       1  dbt could not build a model
    ├── NightError       1  the night is red; names what failed
    ├── ReleaseError     1  a release is refused, or what lies in its place is none of this vault's (release.py)
    ├── VerifyError      4  a release is not what its register says (verify.py)
    └── Unexpected       1  a fault in Quorum, by class and place alone (redact.py)

A message says what, where and what to do; it never holds a value, an address with credentials or another error's text.
"""

NO_SPACE = ("No space left", "File too large", "Disk quota", "ut of disk")  # as the system and DuckDB say it


class QuorumError(Exception):
    """Something went wrong; the message may be shown to anybody."""

    exit_code = 1


class ConfigError(QuorumError):
    """quorum.yaml or the environment is wrong."""

    exit_code = 2


class VaultError(QuorumError):
    """The vault cannot be opened or written."""

    exit_code = 3


class VaultLocked(VaultError):
    """Another writer holds the vault."""


class WrongKey(VaultError):
    """The vault was made with another key, or the key is gone."""


class VaultDamaged(VaultError):
    """The file is no whole database."""


class VaultFull(VaultError):
    """The disk is full."""


class BuildError(QuorumError):
    """A model of dbt could not be built."""


class NightError(QuorumError):
    """The night is red."""
