"""What a reader takes for the same text: case, accents, width, invisible characters and lookalikes gone.

No locked library knows Unicode's confusables (UTS 39), so a small table stands here: the letters of Cyrillic, Greek
and extended Latin that look like one of a to z, capitals and small ones apart, since a capital and its small letter
need not look like the same letter. Other scripts, and digits for letters (`0` for o), are left out.

A genuine Greek or Cyrillic name must fold alike in capitals and small letters, too, which a table of looks spoils
(capital nu is N, small nu is v). So a text has up to three folds: as its script says, and as it looks, with the case
taken before or after.
"""

import re
import unicodedata

WORD = re.compile(r"[^\W_]+")
CAPITALS = {
    "a": "\u0410\u0391",
    "b": "\u0412\u0392",
    "c": "\u0421\u03f9",
    "e": "\u0415\u0395",
    "g": "\u050c",
    "h": "\u041d\u0397",
    "i": "\u0406\u04c0\u0399",
    "j": "\u0408\u037f",
    "k": "\u041a\u039a",
    "m": "\u041c\u039c",
    "n": "\u039d",
    "o": "\u041e\u039f",
    "p": "\u0420\u03a1",
    "q": "\u051a",
    "s": "\u0405",
    "t": "\u0422\u03a4",
    "w": "\u051c",
    "x": "\u0425\u03a7",
    "y": "\u0423\u04ae\u03a5",
    "z": "\u0396",
}
SMALL = {
    "a": "\u0430\u03b1\u0251\u1d00",
    "b": "\u0432\u044c\u03b2\u0180\u0299",
    "c": "\u0441\u03f2\u1d04",
    "d": "\u0501\u0111\u0257\u1d05",
    "e": "\u0435\u03b5\u1d07",
    "f": "\u0192",
    "g": "\u0261\u01e5",
    "h": "\u04bb\u0127\u043d\u029c",
    "i": "\u0456\u03b9\u0131\u0269\u026a\u0268",
    "j": "\u0458\u03f3\u0249\u1d0a",
    "k": "\u043a\u03ba\u1d0b",
    "l": "\u04cf\u0142\u029f",
    "m": "\u043c\u1d0d",
    "n": "\u03b7\u0274",
    "o": "\u043e\u03bf\u03c3\u00f8\u1d0f",
    "p": "\u0440\u03c1\u1d18",
    "q": "\u051b",
    "r": "\u0433\u0280\u024d",
    "s": "\u0455\ua731",
    "t": "\u0442\u03c4\u0167\u1d1b",
    "u": "\u03c5\u1d1c",
    "v": "\u0475\u03bd\u1d20",
    "w": "\u051d\u03c9\u1d21",
    "x": "\u0445\u03c7",
    "y": "\u0443\u04af\u03b3\u028f\u024f",
    "z": "\u1d22\u01b6",
}
UPPER = str.maketrans({look: letter for letter, looks in CAPITALS.items() for look in looks})
LOWER = str.maketrans({look: letter for letter, looks in SMALL.items() for look in looks})
HIDDEN = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # of no width, though their category is a letter's or a sign's


def fold(text: str) -> str:
    """NFKC, no case, no accents, nothing invisible, no lookalikes."""
    if text.isascii():
        return text.lower().strip()
    looks = unicodedata.normalize("NFKC", text).translate(UPPER).casefold()
    return _bared(looks).translate(LOWER).strip()


def folds(text: str) -> tuple[str, ...]:
    """The distinct folds of a text; one for plain ASCII."""
    if text.isascii():
        return (text.lower().strip(),)
    true = _bared(unicodedata.normalize("NFKC", text).casefold()).strip()
    return tuple(dict.fromkeys((true, true.translate(LOWER), fold(text))))


def words(folded: str) -> str:
    """The words of a folded text, one space between: `ada.loewe` and `Ada-Loewe` are the same name."""
    return " ".join(WORD.findall(folded)) or folded


def _bared(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    kept = "".join(char for char in parts if unicodedata.category(char) not in ("Mn", "Cf") and char not in HIDDEN)
    return unicodedata.normalize("NFKC", kept)
