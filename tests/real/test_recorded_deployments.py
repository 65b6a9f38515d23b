"""Deployments that GitHub really told of, served again over HTTP.

They were recorded under other names of the same fields, so they are renamed here. The folder lies beside the checkout;
where it is absent these tests skip.
"""

import json
from pathlib import Path

import pytest

from sources.systems import load
from tests.fake_deployments import github
from tests.fake_server import serving
from tests.memory_vault import PSEUDONYMS, MemoryVault

RECORDED = Path(__file__).parents[2].parent / "shared" / "data" / "recorded" / "github"
pytestmark = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="no recorded answers: ../shared/data/recorded/github is absent"
)
PAGES = "facebook/OpenBIC"


def node(found):
    statuses = [
        {"state": each["state"], "createdAt": each["updatedAt"]} for each in found.get("Statuses", {}).get("nodes", ())
    ]
    names = {"Id": "id", "DatabaseId": "databaseId", "CommitOid": "commitOid", "Environment": "environment"}
    names |= {"CreatedAt": "createdAt", "UpdatedAt": "updatedAt"}
    return {ours: found[theirs] for theirs, ours in names.items()} | {"statuses": statuses, "creator": None}


@pytest.fixture(scope="module")
def rows():
    listed = json.loads((RECORDED / "devlake_graphql_deployments.json").read_text(encoding="utf-8"))
    nodes = [node(each["data"]) for each in listed]
    kept = MemoryVault(load("deployments"), rules=({"production": ("github-*",)},), organisation="facebook")
    with serving(github({PAGES: {"deployments": nodes}})) as server:
        assert kept.night(server.url).failures == []
    return kept.rows["deployments"]


def test_each_ends_with_its_success_whatever_made_it_inactive_later(rows):
    assert sorted(str(row["finished_at"]) for row in rows) == ["2026-02-14 00:32:36", "2026-02-20 00:30:59"]
    assert {(row["status"], row["environment"]) for row in rows} == {("success", "production")}


def test_numbers_of_more_than_32_bits_are_kept_apart(rows):
    keys = {PSEUDONYMS.key("deployment", f"facebook/openbic/deployments/{n}") for n in (3881429895, 3839563910)}
    assert {row["deployment_key"] for row in rows} == keys


def test_no_text_of_the_answers_is_kept(rows):
    assert not any(word in str(rows) for word in ("OpenBIC", "facebook", "github-pages", "Deploying"))
