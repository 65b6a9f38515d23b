"""A whole process and all that it starts: wall time, processor time, and the peak of the memory they held together."""

import os
import resource
import subprocess
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

PAGE = os.sysconf("SC_PAGE_SIZE")
LINES = 20  # of a run's output that are kept


@dataclass(frozen=True)
class Measured:
    """One run. `peak` adds up the resident memory of the whole tree, shared pages counted twice: an upper bound.

    `last_words` are the last lines that it wrote.
    """

    wall: float
    cpu: float
    peak: int
    status: int
    last_words: str


def run(command: list[str], folder: Path, environment: dict[str, str]) -> Measured:
    """Run it to its end, and keep the last lines of its output."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with TemporaryFile("w+") as output:
        with subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output) as process:
            peak = 0
            while process.poll() is None:
                peak = max(peak, resident(process.pid))
                time.sleep(0.05)
        output.seek(0)
        last_words = "".join(deque(output, maxlen=LINES)).strip()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(time.perf_counter() - begun, cpu, peak, process.returncode, last_words)


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
