"""The only caller of git: the commits of a repository's default branch, as numbers, times and addresses.

A path is read in place and changed in nothing. Of an address only the head is asked for first; a bare clone of that one
branch is made only if the head is news, in a folder that lives no longer than the reading (sources/short_lived.py):
names and contents stand in git's objects, so nothing of them stays on disk.

One `git log` stream (sources/git_log.py), parsed as it comes, so memory does not grow with history.

git runs with argument lists (no shell), a fixed environment, no prompts, no system configuration, no hooks, no foreign
diff programs, no redirects, and only the transports file, http, https, ssh and git. What it says on stderr is looked at
to tell errors apart and never shown. git 2.31 or newer is needed.
"""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from sources.errors import Gone, Refused, SourceError, Unavailable
from sources.git_environment import Access, environment
from sources.git_log import LOG, Commit, checked, parsed
from sources.short_lived import short_lived

REFUSALS = (
    "authentication failed",
    "could not read username",
    "permission denied",
    "access denied",
    "error: 401",
    "error: 403",
)
ABSENCES = (
    "not found",
    "does not exist",
    "not appear to be a git repository",
    "not a git repository",
    "error: 404",
    "no such file",
)


class Shallow(SourceError):
    """The clone lacks history, so its oldest commit would seem to have written everything."""

    advice = "Fetch the whole history (git fetch --unshallow) or name the repository's address instead."


@dataclass(frozen=True, slots=True)
class Git:
    """How git is called."""

    access: Access = field(default_factory=Access)
    folder: Path | None = None  # where temporary clones lie; the system's own by default
    seconds: float = 3600

    def run(self, where: str, *words: str) -> tuple[int, str, str]:
        """Exit code, output and complaints of one short command."""
        try:
            done = subprocess.run(
                ["git", "--no-pager", *words],
                env=environment(self.access),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=self.seconds,
                check=False,
            )
        except FileNotFoundError:
            raise Unavailable("git is not installed", where) from None
        except subprocess.TimeoutExpired:
            raise Unavailable("git took too long", where) from None
        return done.returncode, done.stdout.decode(errors="replace").strip(), done.stderr.decode(errors="replace")

    def asked(self, where: str, *words: str) -> str:
        """The output of a command that must succeed."""
        code, output, complaint = self.run(where, *words)
        if code:
            raise _error(complaint, where) from None
        return output


def is_local(address: str) -> bool:
    """Whether an address is a path on this machine."""
    return "://" not in address and not re.match(r"[\w.-]+@?[\w.-]*:", address)


def origin(address: str, git: Git) -> str:
    """The address that tells which repository a path is: its remote `origin`, if it has one; else the path itself."""
    if not is_local(address):
        return address
    code, output, _ = git.run("git config", "-C", str(Path(address)), "config", "--get", "remote.origin.url")
    return output if code == 0 and output else str(Path(address).resolve())


def head(address: str, git: Git) -> str | None:
    """The newest commit of the default branch; None of an empty repository."""
    if not is_local(address):
        found = git.asked("git ls-remote", "ls-remote", "--quiet", "--", address, "HEAD").split()
        return checked(found[0]) if found else None
    inside = ("-C", str(Path(address)))
    git.asked("git rev-parse", *inside, "rev-parse", "--git-dir")
    for name in ("refs/remotes/origin/HEAD", "HEAD"):
        code, output, _ = git.run("git rev-parse", *inside, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        if code == 0:
            return checked(output)
    return None


@contextmanager
def opened(address: str, git: Git) -> Iterator[Path]:
    """The folder to read from: the path itself, or a clone that is removed in the end."""
    if is_local(address):
        yield Path(address)
        return
    with short_lived("quorum-clone-", git.folder) as made:
        options = ("--bare", "--single-branch", "--no-tags", "--quiet", "--template=")
        git.asked("git clone", "clone", *options, "--", address, f"{made}/clone")
        yield made / "clone"


def commits(folder: Path, newest: str, seen: str | None, git: Git) -> Iterator[Commit]:
    """All commits up to `newest` that are not yet reachable from `seen`; all, if `seen` is no ancestor any more."""
    inside = ("-C", str(folder))
    if git.asked("git rev-parse", *inside, "rev-parse", "--is-shallow-repository") == "true":
        raise Shallow("a shallow clone", "git log") from None
    since = [f"^{seen}"] if seen and _is_ancestor(seen, newest, inside, git) else []
    words = [*inside, *LOG, "--end-of-options", checked(newest), *since, "--"]
    yield from parsed(_lines(words, git))


def _is_ancestor(seen: str, newest: str, inside: Sequence[str], git: Git) -> bool:
    """Whether the history that was read is still part of the branch; after a forced push it is not."""
    return git.run("git merge-base", *inside, "merge-base", "--is-ancestor", checked(seen), newest)[0] == 0


def _lines(words: list[str], git: Git) -> Iterator[str]:
    """The lines that git writes, as it writes them; too slow or unfinished is an error."""
    process = subprocess.Popen(
        ["git", "--no-pager", *words],
        env=environment(git.access),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    timer = threading.Timer(git.seconds, process.kill)
    timer.start()
    try:
        for line in cast(IO[bytes], process.stdout):
            yield line.decode(errors="replace").rstrip("\n")
        code = process.wait()
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        cast(IO[bytes], process.stdout).close()
    if code:
        raise Unavailable("git ended early or took too long", "git log") from None


def _error(complaint: str, where: str) -> SourceError:
    """Which error it is, told from what git says in plain English; the words end here."""
    said = complaint.lower()
    if any(word in said for word in REFUSALS):
        return Refused("the repository may not be read", where)
    if any(word in said for word in ABSENCES):
        return Gone("the repository is not there", where)
    if "dubious ownership" in said:
        return Refused("the clone belongs to another user (git's safe.directory)", where)
    return Unavailable("git could not read the repository", where)
