"""Read night by night, the made-up company's GitHub tells of its deployments what the company itself knows."""

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
import requests
import yaml

from sources.sandbox.channels import CHANNELS, SERVICES, known_as, touched
from sources.sandbox.server import serve
from sources.sandbox.settings import Sandbox
from sources.systems import load
from tests.memory_vault import PSEUDONYMS, MemoryVault

FIRST = dt.date(2025, 1, 20)
NIGHTS = 4
MONO = "runtime-core"
NODE = "query($id: ID!) { node(id: $id) { ... on PullRequest { files(first: 1) { totalCount nodes { path } } } } }"


@pytest.fixture(scope="module")
def read():
    """The company after some nights, and what was read of it."""
    block = yaml.safe_load((Path(__file__).parents[2] / "quorum.yaml").read_text())["systems"]["deployments"]
    kept = MemoryVault(load("deployments"), organisation="meridian", rules=(*block["rules"], {}))
    with serve(Sandbox(until=FIRST)) as world:
        for day in (FIRST + dt.timedelta(days=night) for night in range(NIGHTS)):
            world.change(until=day)
            kept.clock = dt.datetime.combine(day, dt.time(), dt.UTC)
            assert kept.night(f"{world.url}/github").failures == []
        yield world, kept


def service(name):
    return PSEUDONYMS.scope("service", name)


def test_each_deployment_is_read_once_with_its_end(read):
    world, kept = read
    ended = [one for one in world.company.operations[0] if one.repository in CHANNELS]
    told = {
        (PSEUDONYMS.key("deployment", known_as(world.company.settings, one)), one.finished.isoformat(), one.status)
        for one in ended
        if one.status == "success"
    }
    rows = [row for row in kept.rows["deployments"] if row["status"] == "success"]
    assert {(row["deployment_key"], row["finished_at"].isoformat(), row["status"]) for row in rows} == told
    assert len(kept.rows["deployments"]) == len(ended)
    mine = Counter(one.service for one in ended if one.environment == "production")
    production = Counter(row["service_key"] for row in kept.rows["deployments"] if row["environment"] == "production")
    assert production == {service(name): count for name, count in mine.items()}
    assert {*SERVICES[MONO], MONO} < set(mine)


def test_each_merged_change_has_the_services_that_it_touches(read):
    world, kept = read
    expected = {
        (PSEUDONYMS.key("change", f"meridian/{MONO}#{change.number}"), service(name))
        for change in world.company.changes[MONO]
        if change.merged
        for name in touched(change) or [MONO]
    }
    assert {(row["change_key"], row["service_key"]) for row in kept.rows["change_services"]} == expected


def test_a_node_is_found_by_its_id(read):
    world, _ = read
    change = world.company.changes[MONO][0]
    asked = {"query": NODE, "variables": {"id": f"PR_kw{change.id}"}}
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(f"{world.url}/github/graphql", json=asked, timeout=10).json()
        lost = session.post(f"{world.url}/github/graphql", json={**asked, "variables": {"id": "PR_x"}}, timeout=10)
    assert answer["data"]["node"]["files"]["totalCount"] == change.files
    assert lost.json()["errors"][0]["type"] == "NOT_FOUND"
