"""What stands in between spoils answers as told, and nothing else."""

import json

import pytest
import requests

from tests.pipeline.between import between, half, html, malformed, only, status


@pytest.fixture
def chain():
    """One with nobody behind it; the test plays the company."""
    with between("http://127.0.0.1:9") as middle:
        yield middle


def test_faults_reach_the_asker(chain, monkeypatch):
    from tests.pipeline import between as module

    answer = module.Reply(
        "/a", 200, {"ETag": "x", "Content-Type": "application/json"}, b'{"items": [{"n": 1}], "more": false}'
    )
    monkeypatch.setattr(module, "forwarded", lambda *_: answer)

    def ask(path="/a"):
        with requests.Session() as session:
            session.trust_env = False
            return session.get(chain.url + path, timeout=5)

    assert ask().json() == json.loads(answer.body) and ask().headers["ETag"] == "x"
    chain.spoil = only("/a", status(401))
    assert ask().status_code == 401
    chain.spoil = malformed
    assert ask().status_code == 200 and not ask().text.endswith("}")
    chain.spoil = html
    assert ask().text.startswith("<html")
    chain.spoil = half
    with pytest.raises(requests.RequestException):
        ask()
    assert len(chain.asked) == 7
