"""Whom the texts are compared with: names, logins, addresses and account ids, in memory, indexed for quick look-ups.

An index is made when it is first asked for. A text is cut into words and its runs of words are looked up, so the cost
of a text does not grow with the number of identifiers. Digests are kept as their first 64 bits in a sorted array:
eight bytes for each form of an identifier, and a search in it tells a digest that was cut to eight hex digits or more.

Deliberately absent: a `repr`, and any way from a hit to the identifier that was hit.
"""

import hashlib
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property

from expectations.detectors.folding import folds, words

SHORT = 5  # letters and digits; a shorter identifier counts only as a whole cell
GRAM = 6  # one that is glued to other letters must be this long
CERTAIN = 12  # a single word inside other words must be this long, or hold a digit
ALGORITHMS = (hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.sha512)
BITS = 16  # hex digits kept of a digest
LEAST = 8  # hex digits to which a digest may be cut
PSEUDONYM = re.compile(r"[0-9a-f]{8,}")
LOCAL = re.compile(r"([^@\s]+)@[^@\s]+")


class Digests:
    """A set of digests, given by their first 64 bits, searchable by leading hex digits."""

    __slots__ = ("_heads",)

    def __init__(self, heads: Iterable[int]) -> None:
        self._heads = array("Q", sorted(set(heads)))

    def has(self, digits: str) -> bool:
        """Whether a digest begins with these hex digits (eight at least; sixteen are looked at)."""
        if len(digits) < LEAST:
            return False
        low, high = (int(digits[:BITS].ljust(BITS, fill), 16) for fill in "0f")
        at = bisect_left(self._heads, low)
        return at < len(self._heads) and self._heads[at] <= high


class Identifiers:
    """What names a person, and what the vault calls people: clear values and pseudonyms.

    `seen` are the accounts that were met at the door this run, whether or not the roster knows them.
    """

    def __init__(self, values: Iterable[str], pseudonyms: Iterable[str] = (), seen: Iterable[str] = ()) -> None:
        self._listed = frozenset(value for value in values if value.strip())
        self._values = self._listed.union(value for value in seen if value.strip())
        self._pseudonyms = tuple(pseudonyms)

    def __repr__(self) -> str:
        return f"Identifiers({len(self._values)})"

    @property
    def has_strangers(self) -> bool:
        """Whether accounts are looked for that the roster does not know: they are no part of the digest."""
        return self._values != self._listed

    def called(self, pseudonyms: Iterable[str]) -> "Identifiers":
        """The same people, with what the vault calls them."""
        return Identifiers(self._listed, pseudonyms, self._values)

    @cached_property
    def runs(self) -> frozenset[str]:
        """Every identifier folded, as words; the last word first, too (`Loewe, Ada`); an address by its first part."""
        found = {words(folded) for value in self._spoken() for folded in folds(value)}
        turned = (" ".join(parts[-1:] + parts[:-1]) for parts in (text.split(" ") for text in found))
        return frozenset(filter(None, (*found, *turned)))

    @cached_property
    def first_words(self) -> frozenset[str]:
        """The first word of each."""
        return frozenset(run.partition(" ")[0] for run in self.runs)

    @cached_property
    def most_words(self) -> int:
        """The longest, in words."""
        return max((run.count(" ") + 1 for run in self.runs), default=0)

    @cached_property
    def glued(self) -> dict[str, tuple[tuple[str, bool], ...]]:
        """Long ones without spaces, by their first letters; with each, whether it is unlikely to be part of a word."""
        found: dict[str, set[tuple[str, bool]]] = {}
        for run in self.runs:
            whole = run.replace(" ", "")
            if len(whole) >= GRAM:
                telling = len(whole) >= CERTAIN or (len(whole) > LEAST - 1 and (" " in run or not whole.isalpha()))
                found.setdefault(whole[:GRAM], set()).add((whole, telling))
        return {gram: tuple(known) for gram, known in found.items()}

    @cached_property
    def digests(self) -> Digests:
        """MD5, SHA-1, SHA-256 and SHA-512 of every form; with a line's end, and as UTF-16, too."""
        return Digests(
            int.from_bytes(algorithm(data, usedforsecurity=False).digest()[: BITS // 2])
            for form in self._forms()
            for plain in (form.encode(errors="surrogatepass"),)
            for data in (plain, plain + b"\n", form.encode("utf-16-le", errors="surrogatepass"))
            for algorithm in ALGORITHMS
        )

    @cached_property
    def pseudonyms(self) -> Digests:
        """What the vault calls people; a word that is no pseudonym (`outside`) is left out."""
        found = filter(PSEUDONYM.fullmatch, self._pseudonyms)
        return Digests(int(pseudonym[:BITS].ljust(BITS, "0"), 16) for pseudonym in found)

    @cached_property
    def digest(self) -> str:
        """One digest for all listed values; it belongs into the vault.

        Accounts met at the door are left out: they differ from run to run, and who publishes later has not met them.
        """
        return hashlib.sha256("\n".join(sorted(self._listed)).encode(errors="surrogatepass")).hexdigest()

    def _spoken(self) -> Iterator[str]:
        for value in self._values:
            yield value
            address = LOCAL.fullmatch(value.strip())
            if address and not address[1].isalpha():  # `payments@` is a team's word as well
                yield address[1]

    def _forms(self) -> set[str]:
        forms: set[str] = set()
        for value in self._values:
            forms |= {value, value.strip(), value.casefold().strip(), value.upper().strip(), *folds(value)}
            forms |= {words(folded).replace(" ", "") for folded in folds(value)}
        return forms
