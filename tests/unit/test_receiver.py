"""Posted events wait encrypted in the home, and reach the vault with the next night."""

import json
import threading
import time
from contextlib import contextmanager

import pytest
import requests
import uvicorn

from orchestration.inbox import Inbox
from orchestration.receiver import LARGEST, app
from sources.systems import load
from tests.memory_vault import PSEUDONYMS, MemoryVault
from tests.unit.test_extract_events import DEPLOYED, OPENED

TOKEN = "a-token-of-posters"


@pytest.fixture
def inbox(tmp_path):
    return Inbox(tmp_path / "inbox", b"k" * 32)


@contextmanager
def listening(inbox):
    server = uvicorn.Server(uvicorn.Config(app(inbox, TOKEN), port=0, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


def posted(url, *events, token=TOKEN):
    body = "\n".join(event if isinstance(event, str) else json.dumps(event) for event in events)
    return requests.post(url, data=body.encode(), headers={"Authorization": f"Bearer {token}"}, timeout=10)


def test_what_is_posted_waits_for_the_night_and_names_nobody_on_the_way(inbox):
    with listening(inbox) as url:
        assert posted(url, DEPLOYED, OPENED).json() == {"taken": 2}
        assert posted(url, {**OPENED, "resolved_at": "2026-11-27T16:00:00Z"}).status_code == 202
        assert requests.get(f"{url}/schema", timeout=10).json()["title"]
    kept = b"".join(path.read_bytes() for path in inbox.folder.iterdir())
    assert b"Ann-A" not in kept and b"shop" not in kept.lower()
    vault = MemoryVault(load("events"))
    for _ in range(2):
        run = vault.night(inbox=inbox.lines)
        assert run.failures == []
    [deployed] = vault.rows["deployments"]
    assert deployed["deployer_key"] == PSEUDONYMS.account("github", "ann-a")
    [incident] = vault.rows["incidents"]
    assert str(incident["resolved_at"]) == "2026-11-27 16:00:00", "the later line of an id counts"


@pytest.mark.parametrize(
    ("events", "token", "status", "says"),
    [
        ((DEPLOYED,), "another", 401, "Authorization"),
        ((DEPLOYED, "{"), TOKEN, 422, "no JSON: 2"),
        (({**DEPLOYED, "status": "canary-1"},), TOKEN, 422, "`status`: 1"),
        (({**DEPLOYED, "version": 2},), TOKEN, 422, "later version"),
        (("",), TOKEN, 422, "no event"),
        (("x" * (LARGEST + 1),), TOKEN, 413, "at most"),
    ],
)
def test_a_body_is_taken_whole_or_not_at_all_and_its_sender_told_why(inbox, events, token, status, says):
    with listening(inbox) as url:
        answer = posted(url, *events, token=token)
    assert (answer.status_code, answer.json()["taken"]) == (status, 0)
    assert says in answer.text and "canary" not in answer.text
    assert inbox.lines() == b""


def test_what_a_kill_left_of_a_body_is_passed_over_and_spoils_no_other(inbox):
    inbox.take(b"one")
    [path] = inbox.folder.glob("*.events")
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:40])
    inbox.take(b"two")
    assert inbox.lines() == b"one\ntwo"


def test_a_full_disk_is_told_to_the_sender(inbox):
    inbox.folder.write_text("no folder")
    with listening(inbox) as url:
        assert posted(url, DEPLOYED).status_code == 507
