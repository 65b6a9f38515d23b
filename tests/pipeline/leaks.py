"""Looks for what identifies somebody in every file of some folders: raw, folded, SHA-256, base64; any pseudonym too.

Files are read as bytes and, where bytes hide their content, unpacked as well: Parquet with its footer, DuckDB, SQLite,
gzip, zip. What git keeps is not unpacked: where it lies a clone was left behind, and that alone is a find. Whole words
only: a login of three letters is not found inside another word. `grep -F` does the search, since thousands of needles
in a haystack of megabytes are slow to find in Python.
"""

import base64
import bisect
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
PACK = b"PACK\0\0\0"  # and the version, in four bytes
OBJECT = re.compile(r"[0-9a-f]{2}/[0-9a-f]{38}")  # git's, one a file
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
    seen: set[Path] = set()
    with tempfile.TemporaryDirectory() as scratch:
        hay = Hay(Path(scratch), wanted)
        for folder in folders:
            for path in sorted(folder.rglob("*")):
                real = path.resolve()
                if real.is_file() and real not in seen and not any(real.is_relative_to(one) for one in out):
                    seen.add(real)
                    hay.file(real, str(path))
        return sorted(hay.hits())


class Hay:
    """All that is to be searched, heaped up in two files (as it is, and in lower case), so that grep runs but twice."""

    def __init__(self, scratch: Path, wanted: Needles) -> None:
        self.wanted, self.scratch = wanted, scratch
        self.starts: list[int] = []
        self.pieces: list[tuple[str, bool]] = []  # where a piece is from, and whether it is plain text
        self.betrayed: set[str] = set()
        self.size = 0
        self.raw, self.lower = (scratch / "raw").open("wb"), (scratch / "lower").open("wb")

    def file(self, path: Path, shown: str) -> None:
        """A file: its name, its bytes, and what they hide."""
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            return
        if raw.startswith(PACK) or OBJECT.fullmatch("/".join(path.parts[-2:])):
            self.betrayed.add(f"{shown}: a clone")
        self.add(path.name.encode(), f"{shown}: in the name", plain=True)
        self.add(raw, shown, plain=b"\0" not in raw[:4096])
        for view in unpacked(path, raw):
            self.add(view, f"{shown}: unpacked", plain=True)

    def add(self, raw: bytes, shown: str, plain: bool) -> None:
        lower = raw.lower()
        self.starts.append(self.size)
        self.pieces.append((shown, plain))
        self.size += len(raw) + 1
        self.raw.write(raw + b"\n")
        self.lower.write(lower + b"\n")
        runs = set(HEX.findall(lower))
        if any(run[at : at + 64] in self.wanted.digests for run in runs for at in range(len(run) - 63)):
            self.betrayed.add(f"{shown}: a hashed identifier")
        if any(run[at : at + 32] in self.wanted.pseudonyms for run in runs for at in range(len(run) - 31)):
            self.betrayed.add(f"{shown}: a pseudonym")

    def hits(self) -> set[str]:
        """Every place that betrays something."""
        self.raw.close()
        self.lower.close()
        lower = Path(self.lower.name).read_bytes()
        for at, hit in self.grep(self.lower.name, self.wanted.folded):
            shown, plain = self.piece(at)
            if self.is_word(lower, at, hit) and (plain or len(hit) >= SHORT_IN_BINARY):
                self.betrayed.add(f"{shown}: an identifier")
        for at, _ in self.grep(self.raw.name, (*self.wanted.encoded, *self.wanted.digests)):
            self.betrayed.add(f"{self.piece(at)[0]}: an encoded identifier")
        return self.betrayed

    def piece(self, at: int) -> tuple[str, bool]:
        return self.pieces[bisect.bisect_right(self.starts, at) - 1]

    def grep(self, hay: str, patterns: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
        listed = self.scratch / "patterns"
        listed.write_bytes(b"".join(pattern + b"\n" for pattern in patterns))
        if not listed.stat().st_size:
            return
        command = ["grep", "--text", "-o", "-b", "-F", "-f", str(listed), hay]
        done = subprocess.run(command, capture_output=True, check=False, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"})
        assert done.returncode < 2, "grep failed"
        for line in done.stdout.split(b"\n"):
            at, _, hit = line.partition(b":")
            if hit:
                yield int(at), hit

    @staticmethod
    def is_word(hay: bytes, at: int, hit: bytes) -> bool:
        around = hay[max(at - 1, 0) : at] + hay[at + len(hit) : at + len(hit) + 1]
        return not re.search(rb"[a-z0-9]", around)


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

    try:
        base = duckdb.connect(str(path), read_only=True)
    except duckdb.Error:  # encrypted: its bytes are all there is to see
        return
    with base:
        for catalogue in ("duckdb_tables()", "duckdb_columns()", "duckdb_views()", "duckdb_types()"):
            yield repr(base.execute(f"select * from {catalogue}").fetchall()).encode()
        for schema, table in base.execute("select schema_name, table_name from duckdb_tables()").fetchall():
            yield repr(base.execute(f'select * from "{schema}"."{table}"').fetchall()).encode()
