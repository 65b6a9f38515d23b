"""Detectors by pattern: what looks like an identifier, whoever it belongs to.

Each is narrower than it could be, for the sake of honest names: years, months, ordinals and words of the letters a to f
are spared. What slips through for that is found by value if it belongs to somebody of the roster or an account.
"""

import base64
import binascii
import re
import unicodedata

from expectations.detectors.detector import Detector, Finds
from expectations.detectors.identifiers import Identifiers

EDGE, END = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
DAY = r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)"
OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])([A-Za-z0-9+/_-]{6,})(={0,2})(?![A-Za-z0-9+/=_-])")
MIXED = re.compile(r"(?=.*[A-Z])(?=.*[a-z])(?=.*\d)")
CODE = 20  # characters that change their class this often are no words
CHANGES = 0.45
PRINTED = 12


def _pattern(pattern: str) -> Finds:
    compiled = re.compile(pattern)

    def finds(text: str, people: Identifiers) -> bool:
        return compiled.search(unicodedata.normalize("NFKC", text)) is not None

    return finds


def _base64(text: str, people: Identifiers) -> bool:
    return any(_coded(*found) for found in BASE64.findall(text))


def _coded(token: str, padding: str) -> bool:
    """Padded as base64 is, or of printable text, or changing between capitals, small letters and digits."""
    if padding and (len(token) + len(padding)) % 4 == 0:
        return True
    if len(token) >= PRINTED and len(token) % 4 == 0 and not token.islower() and _printable(token):
        return True
    classes = ["d" if char.isdigit() else "u" if char.isupper() else "l" for char in token if char.isalnum()]
    changes = sum(one != other for one, other in zip(classes, classes[1:], strict=False))
    return len(token) >= CODE and MIXED.match(token) is not None and changes >= CHANGES * (len(classes) - 1)


def _printable(token: str) -> bool:
    try:
        text = base64.b64decode(token.translate(str.maketrans("-_", "+/"))).decode()
    except (binascii.Error, ValueError):
        return False
    return text.isprintable()


PATTERNS = (
    Detector(
        "email",
        "names a person and their employer",
        _pattern(r"[^@\s]+@[^@\s]+\.[^\W\d_]{2,}|[^@\s]+(?i:\s?[\[(]\s?at\s?[\])]\s?)[^@\s]+\.[^\W\d_]{2,}"),
        ("ada@example.org", "by ada.l+x@mail.example.org", "ada\uff20example.org", "ada [at] example.org"),
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
        "login",
        "a word that is said to be an account",
        _pattern(
            r"\[~[^\]\s]+\]|(?i:\b(?:user(?:name)?|login|author|assignee|reviewer|account(?:[ _-]?id)?|uid)\b"
            r"['\"]?\s*[:=]\s*['\"]?[^\s'\"]+)"
        ),
        ("[~ada]", "author: ada", '{"login": "ada"}', "accountId=557058"),
        ("user interface", "login and accounts", "Author tools"),
    ),
    Detector(
        "uuid",
        "account ids are often UUIDs",
        _pattern(rf"{EDGE}[0-9a-fA-F]{{8}}(?:-[0-9a-fA-F]{{4}}){{3}}-[0-9a-fA-F]{{12}}{END}"),
        ("5b10ac8d-82e0-5b22-cc7d-4ef512345678",),
        ("web-platform-core-data-team",),
    ),
    Detector(
        "digest",
        "a hash of a name is a name to whoever can guess it; cut ones and commits too",
        _pattern(
            rf"{EDGE}(?![a-fA-F]+(?:19|20)\d\d{END})(?:[0-9a-fA-F]{{32,}}|"
            rf"(?=(?:[a-fA-F]*\d){{2}})(?=\d*[a-fA-F])[0-9a-fA-F]{{8,}}){END}"
        ),
        ("d41d8cd98f00b204e9800998ecf8427e", "x-3f2a9c01", "A" * 40),
        ("effaced", "facade", "team-2026", "deadbeef", "Face2Face", "decade2024"),
    ),
    Detector(
        "commit",
        "leads to one change and its author",
        _pattern(r"(?i)\b(?:commit|sha|rev(?:ision)?)(?:[ :/=@#_-]{1,2})(?=[a-f]*\d)[0-9a-f]{7,64}\b"),
        ("commit a1b2c3d", "sha:0a1b2c3"),
        ("commit to main", "rev 2"),
    ),
    Detector(
        "base64",
        "an encoded text hides what it says from a reader, not from one who decodes it",
        _base64,
        ("Z3JhY2U=", "Z3JhY2UuaG9wcGVy", "node MDQ6VXNlcjU4MzIzMQ==", "hQx9ZkR2vB7tL0pWq3Ns"),
        ("PlatformEngineering2026", "customer-success-europe", "B2BSaaSPlatform", "platform"),
    ),
    Detector(
        "phone",
        "a telephone number",
        _pattern(
            rf"(?<![\w.])(?!{DAY})(?:\+\d(?:[ ()./-]?\d){{6,}}|\(\d{{2,5}}\)[ ./-]?\d(?:[ ./-]?\d){{4,}}|"
            rf"0\d(?:[ ()./-]?\d){{7,}}|\d{{3}}[ .-]\d{{3}}[ .-]\d{{4}}){END}"
        ),
        ("+49 30 123456", "(030) 12 34 56", "030/1234567", "555-123-4567"),
        ("2026-10-05-1", "2024-2026", "Team 42", "Core-2024"),
    ),
    Detector(
        "ip",
        "the address of somebody's machine",
        _pattern(
            rf"(?<![\w.])(?:{OCTET}\.){{3}}{OCTET}(?![\w.])|"
            r"(?<![\w:])(?:(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|(?:[0-9a-fA-F]{1,4}:){2,6}:[0-9a-fA-F:]{0,20})(?![\w:])"
        ),
        ("10.0.17.3", "2001:db8:0:0:0:0:0:1", "fe80:1:2::5"),
        ("v1.2.3", "10:30:59", "rest:org"),
    ),
    Detector(
        "url",
        "leads to the work item or the person",
        _pattern(r"(?i)\b(?:[a-z][a-z0-9+.-]{1,20}://|www\.)\S+"),
        ("https://example.org/ada", "see www.example.org"),
        ("rest:payments", "http"),
    ),
    Detector(
        "avatar",
        "a person's picture, whose address holds an account id or the hash of an address",
        _pattern(r"(?i)\b(?:s?gravatar|avatars?\d*)[./:=?][^\s/]*\S+"),
        ("avatars.githubusercontent.com/u/583231", "gravatar.com/avatar/0bc8", "avatar=7.png"),
        ("Avatar", "avatars and icons"),
    ),
    Detector(
        "long_number",
        "account ids and telephone numbers",
        _pattern(r"(?<!\d)\d{7,}(?!\d)"),
        ("1234567", "user 90210777"),
        ("2026-10", "team 42"),
    ),
    Detector(
        "issue_key",
        "leads to one work item and whoever did it",
        _pattern(
            rf"{EDGE}[A-Z][A-Z0-9]{{1,9}}-(?!(?:19|20)\d\d{END})\d{{3,}}{END}|(?<!\w)[\w.-]+/[\w.-]+[#!]\d+|[#!]\d{{3,}}{END}"
        ),
        ("PAY-1234", "meridian/web#12", "see #4711"),
        ("Core-2024", "CORE-2024", "WEB-3", "Team #1"),
    ),
    Detector(
        "exact_time",
        "one thing happened then, and who knows when knows who",
        _pattern(rf"{DAY}[T ]\d\d:\d\d|{EDGE}\d\d:\d\d:\d\d{END}"),
        ("2026-10-05T12:33:21Z", "at 12:33:21"),
        ("2026-10-05", "9:30 stand-up"),
    ),
)
