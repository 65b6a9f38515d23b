"""The folder of releases: readers see the old release or the new one, never half of one.

`published` is a link to `releases/<id>`. A release is written under a hidden name, put on the disk for good, given its
name, and the link is swapped by one rename; the last two stay, so that a reader who holds the old one keeps it for a
night. Nothing else writes here. Who may read is the folder's affair: where its mode lets others in, releases can be
read by them (0755, 0644), else by the owner alone.

Deliberately absent: any knowledge of what a release holds.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import QuorumError

KEPT = 2
OURS = re.compile(r"\.?\d{4}-\d{2}-\d{2}-\d+")  # the names of releases, written and half written


class ReleaseError(QuorumError):
    """What lies in the place of the published release is not what this vault released."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where releases stand; `link` is what readers open."""

    link: Path

    @property
    def folder(self) -> Path:
        """The releases themselves, beside the link."""
        return self.link.parent / "releases"

    def current(self) -> Path | None:
        """The folder of the release that readers see now; the path holds even when the link moves on."""
        if not self.link.is_symlink():
            if self.link.exists():
                message = (
                    f"{self.link} is no link to a release: move it away, it was not made here. Nothing was changed"
                )
                raise ReleaseError(message)
            return None
        target = self.link.resolve()
        if target.parent != self.folder.resolve() or not target.is_dir():
            message = f"{self.link} does not lead to a release in {self.folder}: set it right. Nothing was changed"
            raise ReleaseError(message)
        return target

    @contextmanager
    def staged(self, release_id: str) -> Iterator[Path]:
        """An empty hidden folder to write a release into; gone again when writing it fails."""
        self._alone()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(self._folder_mode())
        hidden = self.folder / f".{release_id}"
        for remains in (hidden, self.folder / release_id):  # what a killed run left; nothing led there
            shutil.rmtree(remains, ignore_errors=True)
        hidden.mkdir(mode=0o700)
        try:
            yield hidden
        finally:
            shutil.rmtree(hidden, ignore_errors=True)

    def place(self, hidden: Path) -> Path:
        """Put a written release on the disk for good and give it its name; readers do not see it yet."""
        for path in sorted(hidden.rglob("*"), reverse=True):
            path.chmod(self._folder_mode() if path.is_dir() else self._folder_mode() & 0o666)
            _settle(path)
        hidden.chmod(self._folder_mode())
        _settle(hidden)
        named = hidden.with_name(hidden.name.removeprefix("."))
        hidden.rename(named)
        _settle(self.folder)
        return named

    def swap(self, placed: Path) -> None:
        """From here on readers see this release: one rename."""
        fresh = self.link.with_name(f".{self.link.name}.new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(placed.relative_to(self.link.parent))
        fresh.replace(self.link)
        _settle(self.link.parent)

    def prune(self, kept: tuple[str, ...]) -> None:
        """Remove the releases but for those named and the one that readers see; what is no release is not ours."""
        for path in self._others(kept):
            shutil.rmtree(path, ignore_errors=True)

    def clear(self) -> None:
        """Remove all releases but the one that readers see, since they show what is taken back."""
        self.prune(())
        for path in self._others(()):
            message = f"{path} cannot be removed and still shows what is taken back: remove it. Readers see it withheld"
            raise ReleaseError(message)

    def _others(self, kept: tuple[str, ...]) -> list[Path]:
        current = self.current()
        names = {*kept, *([current.name] if current else [])}
        return [path for path in self.folder.iterdir() if OURS.fullmatch(path.name) and path.name not in names]

    def _alone(self) -> None:
        """Two vaults that shared a folder would give two releases one name."""
        shelf = self.folder.resolve()
        beside = self.link.parent.iterdir() if self.link.parent.is_dir() else ()
        others = (one for one in beside if one.is_symlink() and one != self.link and not one.name.startswith("."))
        if any((one.parent / one.readlink()).parent.resolve() == shelf for one in others):
            message = (
                f"another link beside {self.link} leads into {self.folder}: "
                "publish into a folder of its own (published: in quorum.yaml). Nothing was changed"
            )
            raise ReleaseError(message)

    def _folder_mode(self) -> int:
        return 0o755 if self.link.parent.stat().st_mode & 0o055 else 0o700


def _settle(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
