"""Looks for what identifies somebody in every file of some folders: raw, folded, SHA-256, base64; any pseudonym too.

Files are read as bytes and, where bytes hide their content, unpacked as well: Parquet with its footer, DuckDB, SQLite,
gzip, zip. Whole words only: a login of three letters is not found inside another word. `grep -F` does the search, since
thousands of needles in a haystack of megabytes are slow to find in Python.
"""

import base64
import gzip
import hashlib
import json
import re
import sqlite3
import subprocess
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

HEX = re.compile(rb"[0-9a-f]{32,}")
SHORT_IN_BINARY = 6  # chance alone finds shorter needles in compressed bytes


@dataclass(frozen=True)
class Needles:
    """What must not be found: identifiers, pseudonyms, and words planted by a test."""

    folded: tuple[bytes, ...]
    encoded: tuple[bytes, ...]
    digests: frozenset[bytes]
    pseudonyms: frozenset[bytes]


def needles(identifiers: Iterable[str], pseudonyms: Iterable[str] = ()) -> Needles:
    """Every form in which an identifier could have slipped through."""
    words = {word for line in identifiers if (word := line.strip())}
    forms = words | {fold(word) for word in words}
    digests = {hashlib.sha256(form.encode()).hexdigest().encode() for form in forms}
    escaped = {json.dumps(form)[1:-1].encode().lower() for form in forms}
    return Needles(
        folded=tuple(sorted({form.encode().lower() for form in forms} | escaped)),
        encoded=tuple(sorted({piece for form in forms for piece in in_base64(form.encode())})),
        digests=frozenset(digests | {base64.b64encode(bytes.fromhex(d.decode())) for d in digests}),
        pseudonyms=frozenset(p.encode() for p in pseudonyms),
    )


def fold(text: str) -> str:
    """As accounts are compared."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def in_base64(data: bytes) -> Iterator[bytes]:
    """What stays the same of a value's base64 wherever it stands in a longer text: one piece an offset."""
    for offset, lead in ((0, 0), (1, 2), (2, 3)):
        whole = (offset + len(data)) * 8 // 6
        piece = base64.b64encode(b"\0" * offset + data)[lead:whole]
        if len(piece) >= 8:
            yield piece
            yield base64.urlsafe_b64encode(b"\0" * offset + data)[lead:whole]


def found(folders: Iterable[Path], wanted: Needles, leave_out: Iterable[Path] = ()) -> list[str]:
    """Where something was found, as `path: how`; never what."""
    out = tuple(path.resolve() for path in leave_out)
    places: list[str] = []
    seen: set[Path] = set()
    with tempfile.TemporaryDirectory() as scratch:
        search = Search(Path(scratch), wanted)
        for folder in folders:
            for path in sorted(folder.rglob("*")):
                real = path.resolve()
                if real.is_file() and real not in seen and not any(real.is_relative_to(one) for one in out):
                    seen.add(real)
                    places += [f"{path}: {how}" for how in search.file(real, path)]
    return sorted(set(places))


class Search:
    """The needles, written down once for grep."""

    def __init__(self, scratch: Path, wanted: Needles) -> None:
        self.wanted = wanted
        self.folded, self.encoded, self.hay = scratch / "folded", scratch / "encoded", scratch / "hay"
        self.folded.write_bytes(b"\n".join(wanted.folded) + b"\n")
        self.encoded.write_bytes(b"\n".join((*wanted.encoded, *sorted(wanted.digests))) + b"\n")

    def file(self, path: Path, shown: Path) -> Iterator[str]:
        """All ways in which this file betrays something, its own name included."""
        yield from (f"{how} in the name" for how in self.bytes(str(shown.name).encode(), plain=True))
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            return
        plain = b"\0" not in raw[:4096]
        yield from self.bytes(raw, plain)
        for view in unpacked(path, raw):
            yield from (f"{how}, unpacked" for how in self.bytes(view, plain=True))

    def bytes(self, raw: bytes, plain: bool) -> Iterator[str]:
        lower = raw.lower()
        if self.wanted.folded and any(self.is_word(lower, at, hit, plain) for at, hit in self.grep(lower, self.folded)):
            yield "an identifier"
        if self.wanted.encoded and next(self.grep(raw, self.encoded), None):
            yield "an encoded identifier"
        runs = set(HEX.findall(lower))
        if any(run[at : at + 64] in self.wanted.digests for run in runs for at in range(len(run) - 63)):
            yield "a hashed identifier"
        if any(run[at : at + 32] in self.wanted.pseudonyms for run in runs for at in range(len(run) - 31)):
            yield "a pseudonym"

    def grep(self, hay: bytes, patterns: Path) -> Iterator[tuple[int, bytes]]:
        self.hay.write_bytes(hay)
        command = ["grep", "--text", "-o", "-b", "-F", "-f", str(patterns), str(self.hay)]
        done = subprocess.run(command, capture_output=True, check=False, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"})
        assert done.returncode < 2, "grep failed"
        for line in done.stdout.split(b"\n"):
            at, _, hit = line.partition(b":")
            if hit:
                yield int(at), hit

    @staticmethod
    def is_word(hay: bytes, at: int, hit: bytes, plain: bool) -> bool:
        around = hay[max(at - 1, 0) : at] + hay[at + len(hit) : at + len(hit) + 1]
        return not re.search(rb"[a-z0-9]", around) and (plain or len(hit) >= SHORT_IN_BINARY)


def unpacked(path: Path, raw: bytes) -> Iterator[bytes]:
    """The content of a file whose bytes hide it."""
    if raw[:4] == b"PAR1":
        yield from of_parquet(path)
    elif raw[8:12] == b"DUCK":
        yield from of_duckdb(path)
    elif raw[:15] == b"SQLite format 3":
        with tempfile.NamedTemporaryFile() as copy:  # never touch the pipeline's own
            Path(copy.name).write_bytes(raw)
            base = sqlite3.connect(copy.name)
            yield "\n".join(base.iterdump()).encode("utf-8", "replace")
            base.close()
    elif raw[:2] == b"\x1f\x8b":
        yield gzip.decompress(raw)
    elif raw[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(path) as archive:
            yield b"\n".join(archive.read(name) for name in archive.namelist())


def of_parquet(path: Path) -> Iterator[bytes]:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    yield repr(file.metadata.to_dict()).encode() + repr(file.metadata.metadata).encode()
    yield "\n".join(repr(row) for row in file.read().to_pylist()).encode()


def of_duckdb(path: Path) -> Iterator[bytes]:
    import duckdb

    with duckdb.connect(str(path), read_only=True) as base:
        for catalogue in ("duckdb_tables()", "duckdb_columns()", "duckdb_views()", "duckdb_types()"):
            yield repr(base.execute(f"select * from {catalogue}").fetchall()).encode()
        for schema, table in base.execute("select schema_name, table_name from duckdb_tables()").fetchall():
            yield repr(base.execute(f'select * from "{schema}"."{table}"').fetchall()).encode()
