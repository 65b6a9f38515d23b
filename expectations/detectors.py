"""Identifiers in a table's text: by pattern, and by the values of roster and accounts, which are held in memory only.

Each detector says why it exists and carries examples that must and must not match; a contract test tries them.
Identifiers are compared raw, folded (NFKC, lower case, accents and invisible characters gone), as SHA-256 and as
base64. One shorter than five characters counts only when it is a whole cell. A cell is cut into words and its runs of
words are looked up, so the cost does not grow with the number of identifiers.
"""

import base64
import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

SHORT = 5
WORD = re.compile(r"[^\W_]+")
CODED = re.compile(r"[A-Za-z0-9+/_-]{6,}")
LOOKALIKES = str.maketrans(
    "\u0430\u0441\u0435\u04bb\u0456\u0458\u043a\u043c\u043d\u043e\u0440\u0455\u0442\u0445\u0443\u0432\u0501\u03b1\u03bf\u03c1\u03bd\u03b9\u03ba\u03c5\u0131\u0142\u00f8\u0111",
    "acehijkmhopstxybdaopvikuilod",
)  # small letters, Cyrillic, Greek and barred, that a reader takes for Latin ones
HEX = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{64}(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class Detector:
    """One kind of identifier; `finds` is asked about one text at a time."""

    name: str
    because: str
    finds: "Callable[[str, Identifiers], bool]"
    matches: tuple[str, ...]
    spares: tuple[str, ...]


class Identifiers:
    """What names a person: names, logins, addresses, account ids. In memory, indexed by how they may be disguised."""

    def __init__(self, values: Iterable[str]) -> None:
        self._values = frozenset(value for value in values if value.strip())

    @cached_property
    def folded(self) -> frozenset[str]:
        """Every identifier folded, as words; the last word first, too: `Loewe, Ada`."""
        found = [_words(fold(value)) for value in self._values]
        turned = [" ".join(words[-1:] + words[:-1]) for words in (text.split(" ") for text in found)]
        return frozenset(filter(None, (*found, *turned)))

    @cached_property
    def most_words(self) -> int:
        """The longest identifier, in words."""
        return max((value.count(" ") + 1 for value in self.folded), default=0)

    @cached_property
    def sha256(self) -> frozenset[str]:
        """SHA-256 in hex of every identifier, as it is, in lower case and folded."""
        return frozenset(hashlib.sha256(form.encode()).hexdigest() for form in self._forms())

    @cached_property
    def base64(self) -> frozenset[str]:
        """Base64 of the same, both alphabets, padding gone."""
        coders = (base64.b64encode, base64.urlsafe_b64encode)
        return frozenset(code(form.encode()).decode().rstrip("=") for form in self._forms() for code in coders)

    @cached_property
    def digest(self) -> str:
        """One digest for the whole set; it belongs into the vault."""
        return hashlib.sha256("\n".join(sorted(self._values)).encode()).hexdigest()

    def _forms(self) -> Iterator[str]:
        for value in self._values:
            yield from {value, value.strip(), value.casefold(), fold(value)}


def fold(text: str) -> str:
    """NFKC, lower case, no accents, no invisible characters, no lookalikes: what a reader takes for the same."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(char for char in parts if unicodedata.category(char) not in ("Mn", "Cf"))
    return unicodedata.normalize("NFKC", kept).translate(LOOKALIKES).strip()


def _words(text: str) -> str:
    """The words of a folded text, one space between: `ada.loewe` and `Ada-Loewe` are the same name."""
    return " ".join(WORD.findall(text)) or text


def _named(text: str, identifiers: Identifiers) -> bool:
    words = _words(fold(text)).split(" ")
    if " ".join(words) in identifiers.folded:
        return True
    for first in range(len(words)):
        for last in range(first, min(len(words), first + identifiers.most_words)):
            run = " ".join(words[first : last + 1])
            if len(run) >= SHORT and run in identifiers.folded:
                return True
    return False


def _hashed(text: str, identifiers: Identifiers) -> bool:
    return any(found.lower() in identifiers.sha256 for found in HEX.findall(text))


def _encoded(text: str, identifiers: Identifiers) -> bool:
    whole = text.strip().rstrip("=")
    return whole in identifiers.base64 or any(found in identifiers.base64 for found in CODED.findall(text))


def _pattern(pattern: str) -> "Callable[[str, Identifiers], bool]":
    compiled = re.compile(pattern)

    def finds(text: str, identifiers: Identifiers) -> bool:
        return compiled.search(unicodedata.normalize("NFKC", text)) is not None

    return finds


_EDGE, _END = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
EXAMPLES = ("Ada Löwe", "ada.loewe", "bo")
DETECTORS = (
    Detector(
        "email",
        "names a person and their employer",
        _pattern(r"[^@\s]+@[^@\s]+\.[^\W\d_]{2,}"),
        ("ada@example.org", "by ada.l+x@mail.example.org", "ada\uff20example.org"),
        ("team-at-work", "a @ b"),
    ),
    Detector(
        "handle",
        "names an account on the systems that are read",
        _pattern(r"(?<![\w@])@[A-Za-z0-9_][\w-]*"),
        ("@ada", "owned by @ada-l"),
        ("ada@", "5 @ 3"),
    ),
    Detector(
        "uuid",
        "account ids are often UUIDs",
        _pattern(rf"{_EDGE}[0-9a-fA-F]{{8}}(?:-[0-9a-fA-F]{{4}}){{3}}-[0-9a-fA-F]{{12}}{_END}"),
        ("5b10ac8d-82e0-5b22-cc7d-4ef512345678",),
        ("web-platform-core-data-team",),
    ),
    Detector(
        "digest",
        "a hash of a name is a name to whoever can guess it; cut ones too",
        _pattern(rf"{_EDGE}(?:[0-9a-fA-F]{{32,}}|(?=[0-9a-fA-F]*\d)(?=[0-9a-fA-F]*[a-fA-F])[0-9a-fA-F]{{8,}}){_END}"),
        ("d41d8cd98f00b204e9800998ecf8427e", "x-3f2a9c01", "A" * 40),
        ("effaced", "facade", "team-2026", "deadbeef"),
    ),
    Detector(
        "url",
        "leads to the work item or the person",
        _pattern(r"(?i)\b(?:[a-z][a-z0-9+.-]{1,20}://|www\.)\S+"),
        ("https://example.org/ada", "see www.example.org"),
        ("rest:payments", "http"),
    ),
    Detector(
        "long_number",
        "account ids and telephone numbers",
        _pattern(r"(?<!\d)\d{7,}(?!\d)"),
        ("1234567", "user 90210777"),
        ("2026-10", "team 42"),
    ),
    Detector(
        "identifier",
        "somebody of the roster, or an account",
        _named,
        (
            "ADA LOWE",
            "the Ada-L\u00f6we crew",
            "x ada.loewe!",
            "\uff21da\u200b Lowe",
            "bo",
            "L\u00f6we, Ada",
            "\u0430d\u0430 low\u0435",
        ),
        ("bold", "loewe", "ada", "a bo"),
    ),
    Detector(
        "identifier_sha256",
        "somebody, hashed without a key",
        _hashed,
        (hashlib.sha256(b"ada.loewe").hexdigest(),),
        ("0" * 64,),
    ),
    Detector(
        "identifier_base64",
        "somebody, in an encoding that anybody reverses",
        _encoded,
        (base64.b64encode(b"ada.loewe").decode(),),
        ("YWRh",),
    ),
)
