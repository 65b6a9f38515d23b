"""Names, logins and addresses that nobody bears, so odd that none can stand in a file by chance.

Some are written with letters beyond ASCII, as real ones are; a login never is.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from sources.sandbox.chance import stream

DOMAIN = "meridian-zwk.example"
GIVEN = (
    "Ysoldrun", "Quimbert", "Zdravkova", "Øyvindra", "Łucjanne", "Håkonild", "Çelebina", "Renéeva", "Tjorvenia",
    "Xanthilde", "Wystanka", "Zsófiana", "Bohumila", "Ngozirela", "Přemyslav", "Ximenora", "Jørgunde", "Aoifebel",
    "Svanhilda", "Đorđevan", "Eiðurson", "Kseniyara", "Mbalindwe", "Ōtarokko", "Quillonne", "Ragnvaldis", "Siobhelle",
    "Thorkelina", "Ulyssanne", "Vytautina", "Żanetkov", "Ådnejar", "Ilse-Voorn", "Yngvildur", "Haukeline", "Béatrixe",
)  # fmt: skip
HEADS = ("Vrandt", "Okhwez", "Zmijew", "Quasch", "Thjodv", "Brzost", "Ngwaxo", "Ytterh", "Wlodzk", "Kjølbr", "Xochip",
         "Dvořaz", "Grütsw", "Phlorb", "Szczyp", "Huntzw", "Jøkuld", "Mváxik", "Fjällq", "Rzhevk")  # fmt: skip
TAILS = ("skovic", "ilandru", "ottrupp", "aquemba", "hulzini", "ewarden", "yzanköp", "ubelqvist", "ôchrane", "ifthorpe",
         "argulsk", "onyekwu")  # fmt: skip
FOLDED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "Ø": "O", "Ł": "L", "Đ": "D"})


@dataclass(frozen=True, slots=True)
class Name:
    """One made-up person's name."""

    given: str
    family: str

    @property
    def full(self) -> str:
        """As it is shown."""
        return f"{self.given} {self.family}"

    @property
    def login(self) -> str:
        """As it is typed."""
        return f"{plain(self.family)}-{plain(self.given)[:3]}zq"

    @property
    def email(self) -> str:
        """As it is written to."""
        return f"{plain(self.given)}.{plain(self.family)}@{DOMAIN}"


def plain(name: str) -> str:
    """A name in lower-case ASCII letters."""
    text = unicodedata.normalize("NFKD", name.translate(FOLDED))
    return "".join(letter for letter in text.lower() if letter.isascii() and letter.isalpha())


def names(seed: int, count: int) -> list[Name]:
    """So many names, no family name twice; the first ones stay when more are asked for."""
    families = [head + tail for head in HEADS for tail in TAILS]
    stream(seed, "families").shuffle(families)
    givens = list(GIVEN)
    stream(seed, "givens").shuffle(givens)
    return [Name(givens[at % len(givens)], families[at]) for at in range(count)]
