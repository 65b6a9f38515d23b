"""What a text says when its disguise is taken off: reversed, rot13, escaped for the web, base64, hex, UTF-16.

A text is decoded instead of encoding every identifier, so that an identifier is found wherever it lies inside a longer
encoded text: base64 is decoded from each of four places, which covers the three offsets, and hex from both. What comes
out is looked at once more, for a second disguise below the first.
"""

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from urllib.parse import unquote

BASE64 = re.compile(r"[A-Za-z0-9+/_-]{6,}")
HEX = re.compile(r"[0-9A-Fa-f]{6,}")
PAIRS = re.compile(r"(?:(?:\\x|0x|[ :,.-])?[0-9A-Fa-f]{2}(?![0-9A-Fa-f])|(?:\\x|0x)[0-9A-Fa-f]{2}){3,}")
ESCAPE = re.compile(
    r"\\u([0-9A-Fa-f]{4})|\\u\{([0-9A-Fa-f]{1,6})\}|\\x([0-9A-Fa-f]{2})|[uU]\+([0-9A-Fa-f]{4,6})\s?|=([0-9A-F]{2})"
)
LETTERS = re.compile(rb"(?:[!-~]\x00?){3}|[\xc3-\xdf][\x80-\xbf]")
LARGEST = 0x110000
TAGS = 0xE0000  # invisible letters: tag space and tag tilde lie this far above their ASCII selves


def _reversed(text: str) -> Iterator[str]:
    yield text[::-1]


def _rot13(text: str) -> Iterator[str]:
    yield codecs.encode(unicodedata.normalize("NFKC", text), "rot13")


def _url(text: str) -> Iterator[str]:
    if "%" in text:
        yield unquote(text)
    if "&" in text:
        yield html.unescape(text)
    if ESCAPE.search(text):
        yield ESCAPE.sub(_escaped, text)
    tags = "".join(chr(ord(char) - TAGS) for char in text if TAGS <= ord(char) < TAGS + 128)
    if tags:
        yield tags


def _escaped(found: re.Match[str]) -> str:
    code = int(next(filter(None, found.groups())), 16)
    return chr(code) if code < LARGEST else ""


def _base64(text: str) -> Iterator[str]:
    for token in BASE64.findall(text) or [text.strip().rstrip("=")]:
        plain = token.translate(str.maketrans("-_", "+/"))
        for start in range(4):
            yield from _texts(_decoded(plain[start:]))
    if text.strip().rstrip("=") and len(text.split()) > 1:
        yield from _texts(_decoded("".join(text.split()).rstrip("=")))


def _decoded(token: str) -> bytes:
    rest = len(token) % 4
    whole = token[:-1] if rest == 1 else token
    try:
        return base64.b64decode(whole + "=" * (-len(whole) % 4))
    except (binascii.Error, ValueError):
        return b""


def _hex(text: str) -> Iterator[str]:
    for token in HEX.findall(text):
        for start in range(2):
            yield from _texts(bytes.fromhex(token[start:][: (len(token) - start) // 2 * 2]))
    for found in PAIRS.findall(text):
        yield from _texts(bytes.fromhex("".join(re.findall(r"[0-9A-Fa-f]{2}", found.replace("0x", " ")))))


def _utf16(text: str) -> Iterator[str]:
    if "\0" in text:
        yield text.replace("\0", "")
    if any("\u0100" <= char <= "\uffff" for char in text):
        for order in ("utf-16-le", "utf-16-be"):
            yield text.encode(order, "surrogatepass").decode("utf-8", "replace").replace("\0", "")


def _texts(data: bytes) -> Iterator[str]:
    """Bytes as text, when there is any in them."""
    if not LETTERS.search(data):
        return
    yield data.decode("utf-8", "replace")
    if b"\0" in data:
        for start in range(2):
            yield data[start:].decode("utf-16-le", "replace")


STEPS: dict[str, Callable[[str], Iterator[str]]] = {
    "reversed": _reversed,
    "rot13": _rot13,
    "url": _url,
    "base64": _base64,
    "hex": _hex,
    "utf16": _utf16,
}


def views(text: str, step: str) -> Iterator[str]:
    """What the text says after this step, and after any other that follows."""
    for once in STEPS[step](text):
        yield once
        for other, then in STEPS.items():
            if other != step or step in ("url", "base64", "hex"):
                yield from then(once)
