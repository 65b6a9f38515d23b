"""After installation nothing is downloaded: a first night ends well where there is no network but loopback.

Of all other nights here, what asks farther than loopback finds a proxy that is not there (tests/pipeline/built.py).
"""

import shutil
import subprocess

import pytest
import yaml

from tests.pipeline.built import ROOT, Home
from tests.pipeline.story import FIRST

APART = ("unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")


def links() -> list[str]:
    """The names of the network's ends, seen from where the night runs; none where that is not allowed."""
    if not (shutil.which("unshare") and shutil.which("ip")):
        return []
    done = subprocess.run([*APART, "ip", "-brief", "link"], capture_output=True, text=True, check=False)
    return [line.split()[0] for line in done.stdout.splitlines()] if done.returncode == 0 else []


@pytest.mark.slow
def test_a_first_night_needs_no_network(tmp_path):
    if not (seen := links()):
        pytest.skip("this machine lets nobody have a network of one's own (unshare -rn, ip)")
    assert seen == ["lo"]
    config = yaml.safe_load((ROOT / "quorum.yaml").read_text())
    config["sandbox"]["start"] = "2026-05-04"  # half a year of the company, which the night starts itself
    (tmp_path / "tmp").mkdir()
    (tmp_path / "quorum.yaml").write_text(yaml.safe_dump(config))
    night = Home(tmp_path, config["sandbox"]["port"]).night(FIRST, within=APART)
    assert night.status == 0, night.said
    assert "published: 2" in night.said
