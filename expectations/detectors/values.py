"""Detectors by value: somebody of the roster or an account, plain, disguised or hashed, and what the vault calls them.

Plain, an identifier is a run of whole words (or a whole cell, if it is short), or glued to others if it is unlikely to
be part of a word by chance. Disguised, short ones are left alone unless they are all that an encoded text says: many
short words turn into others when they are read backwards.
"""

import base64
import binascii
import hashlib
import re

from expectations.detectors.detector import Detector, Finds
from expectations.detectors.folding import WORD, folds, words
from expectations.detectors.identifiers import GRAM, LEAST, SHORT, Digests, Identifiers
from expectations.detectors.views import views

WHOLE = 3  # letters of an encoded text that says nothing else
HEX = re.compile(r"[0-9A-Fa-f]{8,}")
CODED = re.compile(r"[A-Za-z0-9+/_-]{11,}")
EXAMPLES = ("Ada L\u00f6we", "ada.loewe", "bo", "ada@loewe.example")
PSEUDONYMS = ("0123456789abcdef0123456789abcdef",)


def named(text: str, people: Identifiers) -> bool:
    """Whether somebody is named in a text, by how it looks to a reader."""
    return any(_spoken(folded, people, (1, SHORT)) or _glued(folded, people, junk=False) for folded in folds(text))


def _spoken(folded: str, people: Identifiers, least: tuple[int, int]) -> bool:
    """A run of words that is an identifier; the least lengths are those of a whole text and of a part."""
    whole = words(folded)
    if len(whole) >= least[0] and whole in people.runs:
        return True
    parts = whole.split(" ")
    for first, word in enumerate(parts):
        if word in people.first_words:
            for last in range(first, min(len(parts), first + people.most_words)):
                run = " ".join(parts[first : last + 1])
                if len(run) >= least[1] and run in people.runs:
                    return True
    return False


def _glued(folded: str, people: Identifiers, *, junk: bool) -> bool:
    """An identifier among other letters; `junk`: the letters around it come from decoding, and are no words."""
    whole = "".join(WORD.findall(folded))
    for at in range(len(whole) - GRAM + 1):
        known = people.glued.get(whole[at : at + GRAM])
        if known and any((telling or junk) and whole.startswith(one, at) for one, telling in known):
            return True
    return False


def _behind(step: str) -> Finds:
    """Whether somebody is named in what the text says after a disguise is taken off."""
    junk = step in ("base64", "hex", "utf16")
    least = (GRAM if step in ("reversed", "rot13") else WHOLE, GRAM)

    def finds(text: str, people: Identifiers) -> bool:
        return any(
            _spoken(folded, people, least) or _glued(folded, people, junk=junk)
            for view in views(text, step)
            for folded in folds(view)
        )

    return finds


def _within(text: str, digests: Digests) -> bool:
    """Whether a digest, whole or cut, stands in a text: in hex, read either way, or as base64 of its bytes."""
    tokens = HEX.findall(text)
    if any(digests.has(token.lower()) or digests.has(token[::-1].lower()) for token in tokens):
        return True
    for coded in CODED.findall(text):
        plain = coded.translate(str.maketrans("-_", "+/"))
        try:
            data = base64.b64decode(plain[: len(plain) // 4 * 4])
        except (binascii.Error, ValueError):
            continue
        if len(data) >= LEAST and digests.has(data.hex()):
            return True
    return False


def _hashed(text: str, people: Identifiers) -> bool:
    return bool(HEX.search(text) or CODED.search(text)) and _within(text, people.digests)


def _called(text: str, people: Identifiers) -> bool:
    return bool(HEX.search(text) or CODED.search(text)) and _within(text, people.pseudonyms)


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


DISGUISES = {
    "reversed": ("read backwards", ("ew\u00f6L adA", "the eweol.ada crew"), ("ob", "platform", "lager")),
    "rot13": ("in a cipher that everybody knows", ("Nqn Y\u00f6jr", "x nqn.ybrjr"), ("ob", "bold")),
    "url": (
        "escaped for the web, HTML, JSON or Unicode's tags",
        ("ada%2Eloewe", "Ada%20L%C3%B6we", "ada&#46;loewe", "\\u0061da.loewe"),
        ("100%25", "R&D"),
    ),
    "base64": (
        "in an encoding that anybody reverses, also inside a longer text",
        (_b64("ada.loewe"), "x" + _b64("{ada.loewe}"), _b64("by ada.loewe!").rstrip("=")),
        ("YWRh", "platform-and-payments"),
    ),
    "hex": ("as hex digits", (b"ada.loewe".hex(), "61 64 61 2e 6c 6f 65 77 65"), ("deadbeef", "facade")),
    "utf16": (
        "in UTF-16, as it is or misread",
        ("a\0d\0a\0.\0l\0o\0e\0w\0e", "ada.loewe ".encode("utf-16-be").decode("utf-16-le")),
        ("\u30c1\u30fc\u30e0", "\u5e73\u53f0"),
    ),
}
VALUES = (
    Detector(
        "identifier",
        "somebody of the roster, or an account",
        named,
        (
            "ADA LOWE",
            "the Ada-L\u00f6we crew",
            "x ada.loewe!",
            "\uff21da\u200b Lowe",
            "bo",
            "L\u00f6we, Ada",
            "\u0430d\u0430 low\u0435",
            "AdaLoewePlatform",
            "{'owner': ada_loewe}",
        ),
        ("bold", "loewe", "ada", "a bo", "Ada's team"),
    ),
    *(
        Detector(f"identifier_{step}", f"somebody, {how}", _behind(step), matches, spares)
        for step, (how, matches, spares) in DISGUISES.items()
    ),
    Detector(
        "identifier_hashed",
        "somebody, hashed without a key (MD5, SHA-1, SHA-256, SHA-512; cut to eight hex digits or more)",
        _hashed,
        tuple(
            hashlib.new(name, b"ada.loewe", usedforsecurity=False).hexdigest()[:cut]
            for name, cut in (("md5", 32), ("sha1", 8), ("sha256", 12), ("sha512", 128))
        ),
        ("0" * 64, "deadbeef"),
    ),
    Detector(
        "pseudonym",
        "what the vault calls somebody: the same in every period, so it can be followed",
        _called,
        (PSEUDONYMS[0], "x-01234567", base64.b64encode(bytes.fromhex(PSEUDONYMS[0])).decode()),
        ("0" * 32, "0123456"),
    ),
)
