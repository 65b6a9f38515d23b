"""git over dumb HTTP: bare repositories, written once by `git fast-import`, served as the files they are.

Their line counts are the company's: a commit adds a file of so many new lines and takes lines off the end of older
ones. They lie in a private temporary folder, made at the first request and removed with the server.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC
from pathlib import Path
from threading import Lock

from sources.sandbox.commits import GitCommit, old_address
from sources.sandbox.company import Company
from sources.short_lived import short_lived

ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"}


class Git:
    """One company's git server."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self.gone: frozenset[str] = frozenset()
        self._folder: Path | None = None
        self._lives = ExitStack()
        self._made: dict[str, Path] = {}
        self._lock = Lock()

    def file(self, path: str) -> Path | None:
        """The file behind `owner/name.git/...`; None if there is none."""
        owner, _, rest = path.partition("/")
        name, _, inside = rest.partition("/")
        known = name.removesuffix(".git")
        there = known in self._company.commits and known not in self.gone
        if owner.casefold() != self._company.settings.organisation or not there:
            return None
        root = self.made(known).resolve()
        found = (root / inside).resolve()
        return found if found.is_relative_to(root) and found.is_file() else None

    def made(self, name: str) -> Path:
        """The repository's folder, made at the first call."""
        with self._lock:
            if name not in self._made:
                self._folder = self._folder or self._lives.enter_context(short_lived("quorum-sandbox-git-"))
                self._made[name] = self._write(self._folder / f"{name}.git", self._company.commits[name])
            return self._made[name]

    def _write(self, folder: Path, commits: Sequence[GitCommit]) -> Path:
        _git("init", "--quiet", "--bare", "--template=", "--initial-branch=main", str(folder))
        mailmap = "".join(
            f"{person.name.full} <{person.emails[0]}> <{old_address(person)}>\n"
            for person in self._company.people
            if "old address" in person.traits
        )
        script = b"".join(_script(commits, mailmap))
        _git("-C", str(folder), "fast-import", "--quiet", "--done", script=script)
        if commits and self._company.settings.canary:
            _git("-C", str(folder), "tag", self._company.settings.canary, "main")
        _git("-C", str(folder), "update-server-info")
        return folder

    def close(self) -> None:
        """Remove all that was written."""
        with self._lock:
            self._lives.close()
            self._folder, self._made = None, {}


def _git(*words: str, script: bytes = b"") -> None:
    subprocess.run(["git", *words], input=script, check=True, capture_output=True, env=ENVIRONMENT)


def _script(commits: Sequence[GitCommit], mailmap: str) -> Iterator[bytes]:
    """The commits as fast-import reads them: marks from 1, every second number kept for merges."""
    yield b"feature done\n"
    files: list[tuple[str, list[str]]] = []
    tip, mark = 0, 0
    for at, commit in enumerate(commits):
        changed = {".mailmap": mailmap} if at == 0 and mailmap else _changed(files, at, commit)
        mark += 1
        yield _commit(commit, mark, (tip,) if tip else (), changed)
        before, tip = tip, mark
        if commit.merges and before:
            mark += 1
            yield _commit(commit, mark, (before, tip), changed, joins=True)
            tip = mark
    yield b"done\n"


def _changed(files: list[tuple[str, list[str]]], at: int, commit: GitCommit) -> dict[str, str]:
    """The files that a commit changes, whole: lines taken off the end of older ones, one new one."""
    changed: dict[str, str] = {}
    left = commit.deletions
    while left > 0 and files:
        path, lines = files[0]
        take = min(left, len(lines))
        left -= take
        del lines[len(lines) - take :]
        changed[path] = "".join(lines)
        if not lines:
            files.pop(0)
    path = f"part/{at // 100:03d}/{at:05d}.txt"
    lines = [f"{commit.id[:12]} {number}\n" for number in range(commit.additions)]
    files.append((path, lines))
    return {**changed, path: "".join(lines)}


def _commit(
    commit: GitCommit, mark: int, parents: tuple[int, ...], changed: dict[str, str], joins: bool = False
) -> bytes:
    """One commit; a file without a line is deleted."""
    who = f"{commit.name} <{commit.email}>"
    authored, committed = (int(when.replace(tzinfo=UTC).timestamp()) for when in (commit.authored, commit.committed))
    message = f"{'Join' if joins else 'Mend'} it\n\nSigned-off-by: {who}\n".encode()
    parts = [f"commit refs/heads/main\nmark :{mark}\nauthor {who} {authored} +0000\n".encode()]
    parts.append(f"committer {who} {committed} +0000\ndata {len(message)}\n".encode() + message)
    parts += [f"{word} :{parent}\n".encode() for word, parent in zip(("from", "merge"), parents, strict=False)]
    for path, text in changed.items():
        raw = text.encode()
        entry = f"M 100644 inline {path}\ndata {len(raw)}\n".encode() + raw + b"\n"
        parts.append(entry if text else f"D {path}\n".encode())
    return b"".join(parts) + b"\n"
