"""`python -m benchmarks`: measures and prints; writes nothing."""

import os
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from benchmarks import extraction, night


def main() -> None:
    """All of it, in the order of RESULTS.md."""
    console = Console(width=130)
    console.print(f"{os.cpu_count()} cores, {os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB")
    show(console, "(a) extraction against the same requests drained; medians of 3", EXTRACTION, extracted())
    nights = night.measured()
    show(console, "(b) whole nights; wall: medians of 3, CPU and peak: the largest", NIGHTS, whole(nights))
    show(console, "(c) where the time of the first night goes", ("part", "s", "share"), parts(nights))


EXTRACTION = (
    "system",
    "wall s",
    "drained s",
    "ratio",
    "requests",
    "a 1000 items",
    "no news",
    "a scope",
    "of first",
    "rows",
)
NIGHTS = ("night", "wall s", "ratio", "CPU s", "peak GiB")


def extracted() -> list[Sequence[str]]:
    """One line a system."""
    return [
        (
            one.system,
            f"{one.wall:.2f}",
            f"{one.bound:.2f}",
            f"{one.ratio:.2f}",
            str(one.first),
            f"{one.first / one.items * 1000:.1f}",
            str(one.quiet),
            f"{one.quiet / one.scopes:.2f}",
            f"{one.quiet / one.first:.1%}",
            str(one.rows),
        )
        for one in extraction.measured()
    ]


def whole(nights: night.Nights) -> list[Sequence[str]]:
    """The first night, one without news, and the bare bound."""
    bound = night.median(nights.bare)
    named = {"the first": [nights.first], "without news": nights.quiet, f"{nights.assets} empty assets": nights.bare}
    return [
        (
            name,
            f"{night.median(runs):.1f}",
            f"{night.median(runs) / bound:.2f}",
            f"{max(one.cpu for one in runs):.1f}",
            f"{max(one.peak for one in runs) / 2**30:.2f}",
        )
        for name, runs in named.items()
    ]


def parts(nights: night.Nights) -> list[Sequence[str]]:
    """Each step, longest first, and what no step accounts for."""
    wall = nights.first.wall
    steps = {**nights.steps, "before and between steps": wall - sum(nights.steps.values())}
    return [(name, f"{one:.1f}", f"{one / wall:.0%}") for name, one in sorted(steps.items(), key=lambda item: -item[1])]


def show(console: Console, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """One table."""
    table = Table(title=title, title_justify="left")
    for at, name in enumerate(columns):
        table.add_column(name, justify="right" if at else "left")
    for row in rows:
        table.add_row(*row)
    console.print(table)


if __name__ == "__main__":
    main()
