"""How a command ends: errors of ours as one message on stderr and their exit code, without a traceback.

Any other error is told by its class and place: its text, and a traceback's, could quote a value.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click


@contextmanager
def told() -> Iterator[None]:
    """Errors of ours as one message and their exit code; any other as its class and place."""
    from orchestration.errors import QuorumError
    from orchestration.redact import redacted
    from sources.errors import SourceError

    try:
        with redacted():
            yield
    except QuorumError as error:
        _end(str(error), error.exit_code)
    except SourceError as error:
        _end(str(error), 1)


def _end(message: str, code: int) -> NoReturn:
    click.echo(f"quorum: {message}", err=True)
    sys.exit(code)
