"""What can go wrong at the door, as types.

    SourceError
    ├── Refused        401, 403: the token is missing, expired or lacks a scope
    ├── Gone           404, 410: the thing asked for is not there, or not for this token
    ├── RateLimited    the API asks for a longer wait than is allowed
    ├── Unavailable    5xx, time-outs, broken connections, after all attempts
    ├── TooLarge       the answer is above the size limit
    ├── TooMuch        the API gave up on the size of the question: ask for less
    ├── ForeignHost    a redirect or paging link leads to another host
    ├── Malformed      the answer is not what the API promises: no JSON, HTML, half a page
    │   └── BadValue   one declared column holds something of another type, or nothing
    ├── Shallow        a clone lacks history (clone.py)
    ├── SameName       two entries of git's list would be one repository (systems/git.py)
    ├── RosterError    rows of the roster have to be repaired (roster_rows.py)
    └── Stumbled       a fault in the reader itself

A message says what happened, where and what to do. It holds a status and a path template; never a body, a query, a
name or a value: there is no parameter through which one could come in. All are raised `from None`, so that no
traceback drags a body along.
"""

from __future__ import annotations


class SourceError(Exception):
    """A system could not be read; the message may be shown to anybody."""

    advice = "Run again; if it stays, look at the system's status page."

    def __init__(self, what: str, where: str = "", status: int | None = None) -> None:
        self.what = what
        self.where = where
        self.status = status
        place = f" at {where}" if where else ""
        code = f" (status {status})" if status else ""
        super().__init__(f"{what}{place}{code}. {self.advice}")


class Refused(SourceError):
    """401 or 403: not for this token."""

    advice = "Check that the token is set, has not expired and may read this."


class Gone(SourceError):
    """404 or 410: not there, or hidden from this token."""

    advice = "Check the name in the configuration, and that the token may see it; take it out if it was deleted."


class RateLimited(SourceError):
    """The wait that the API asks for is longer than allowed."""

    advice = "Nothing is lost: run again later, or with a token that has a larger quota."


class Unavailable(SourceError):
    """No usable answer after all attempts."""

    advice = "Nothing is lost: run again later; if it stays, check the network and the system's status page."


class TooLarge(SourceError):
    """The answer is above the size limit."""

    advice = "Raise the size limit only if answers of this size are expected."


class TooMuch(SourceError):
    """The API could not answer a question of this size."""

    advice = "The reader asks for smaller pages by itself; if it stays, report it."


class ForeignHost(SourceError):
    """The API pointed to another host; the token is never sent there."""

    advice = "If the system has moved, put its new address into the configuration."


class Malformed(SourceError):
    """The answer is not what the API promises."""

    advice = "A proxy or a log-in page may stand in between; check the address in the configuration."


class BadValue(Malformed):
    """A declared column holds something of another type."""

    advice = "The page was not stored. If the API has changed, the column's declaration must follow."


class Stumbled(SourceError):
    """A fault in the reader, told by place and type only."""

    advice = "This is a fault in Quorum: report it with this line."
