"""A whole process and all that it starts: wall time, processor time, and the peak of the memory they held together."""

import os
import resource
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Measured:
    """One run. `peak` adds up the resident memory of the whole tree, shared pages counted twice: an upper bound."""

    wall: float
    cpu: float
    peak: int
    status: int


def run(command: list[str], folder: Path, environment: dict[str, str]) -> Measured:
    """Run it to its end, its output thrown away."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=quiet, stderr=quiet) as process:
        peak = 0
        while process.poll() is None:
            peak = max(peak, resident(process.pid))
            time.sleep(0.05)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(time.perf_counter() - begun, cpu, peak, process.returncode)


def resident(root: int) -> int:
    """Bytes that a process and its descendants hold now."""
    parents: dict[int, list[int]] = {}
    sizes: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                sizes[int(entry.name)] = int((entry / "statm").read_text().split()[1]) * PAGE
            except (OSError, IndexError):
                continue
            parents.setdefault(parent, []).append(int(entry.name))
    family = [root]
    for one in family:
        family += parents.get(one, [])
    return sum(sizes.get(one, 0) for one in family)
