"""Deployments that GitHub knows reach the vault by the rule of their repository; of names and paths nothing does."""

import datetime as dt
import json

import pytest

from sources.errors import Gone, Malformed, Refused
from sources.systems import load
from tests.fake_deployments import SHA, change, deployment, github, release, run
from tests.fake_server import Reply, serving
from tests.memory_vault import PSEUDONYMS, MemoryVault

DEPLOYMENTS = load("deployments")
SHOP, MONO = "Acme/Shop", "acme/mono"
SERVICES = {
    "api": {"paths": ("api/*", "shared/*"), "environments": ("api-*",), "tags": ("api@*",)},
    "web": {
        "paths": ("web/*", "shared/*"),
        "labels": ("area: web",),
        "environments": ("web-*",),
        "workflows": ("web.yml",),
    },
}
ALL = {"services", "deployments", "change_services"}


def vault(*rules, **options):
    return MemoryVault(DEPLOYMENTS, organisation="acme", rules=(*rules, {}), **options)


def night(kept, repositories, **more):
    with serving(github(repositories, **more)) as server:
        done = kept.night(server.url)
    assert done.failures == [] and done.streams_complete == ALL
    return server.requests


def key(number, kind="deployments", repository="acme/shop"):
    return PSEUDONYMS.key("deployment", f"{repository}/{kind}/{number}")


def by_key(kept):
    return {row["deployment_key"]: row for row in kept.rows["deployments"]}


def test_a_deployment_ends_with_its_first_success_and_names_nobody():
    kept = vault()
    states = ("QUEUED", "IN_PROGRESS", "FAILURE", "SUCCESS", "INACTIVE", "SUCCESS")
    night(kept, {SHOP: {"deployments": [deployment(1, 5, *states, environment="Prod", commitOid=SHA.upper())]}})
    [row] = kept.rows["deployments"]
    assert row == {
        "deployment_key": key(1),
        "told_by": "deployments",
        "service_key": PSEUDONYMS.scope("service", "shop"),
        "repository_key": PSEUDONYMS.scope("repository", "acme/shop"),
        "commit_key": PSEUDONYMS.key("commit", SHA),
        "deployer_key": PSEUDONYMS.account("github", "ann-a"),
        "environment": "production",
        "status": "success",
        "finished_at": dt.datetime.fromisoformat("2024-02-05T12:40:00"),
    }


@pytest.mark.parametrize(
    ("states", "status", "minute"),
    [
        (("FAILURE", "ERROR"), "failure", 20),
        (("QUEUED", "INACTIVE"), "cancelled", 20),
        (("ERROR", "SUCCESS"), "success", 20),
    ],
)
def test_one_that_never_succeeded_failed_or_was_given_up(states, status, minute):
    kept = vault()
    night(kept, {SHOP: {"deployments": [deployment(1, 5, *states)]}})
    [row] = kept.rows["deployments"]
    assert (row["status"], row["finished_at"].minute) == (status, minute)


def test_a_machine_is_nobody_a_foreign_environment_another_one_and_a_lost_commit_none():
    kept = vault()
    machine = {
        "creator": {"__typename": "Bot", "login": "deployer"},
        "environment": "Preview of Ann's",
        "commitOid": None,
    }
    night(kept, {SHOP: {"deployments": [deployment(1, 5, "SUCCESS", **machine)]}})
    [row] = kept.rows["deployments"]
    assert (row["deployer_key"], row["environment"], row["commit_key"]) == (None, "other", None)


def test_one_without_an_end_is_read_again_until_it_has_one():
    kept = vault()
    kept.clock = dt.datetime(2024, 2, 10, tzinfo=dt.UTC)
    before = [deployment(1, 5, "IN_PROGRESS"), deployment(2, 6), deployment(3, 7, "SUCCESS")]
    night(kept, {SHOP: {"deployments": before}})
    assert set(by_key(kept)) == {key(3)}
    after = [deployment(1, 5, "IN_PROGRESS", "SUCCESS"), *before[1:]]  # the survey cannot tell: the newest is the same
    night(kept, {SHOP: {"deployments": after}})
    assert set(by_key(kept)) == {key(1), key(3)}
    kept.clock = dt.datetime(2024, 2, 20, tzinfo=dt.UTC)  # the other one is given up
    night(kept, {SHOP: {"deployments": after}})
    assert len(night(kept, {SHOP: {"deployments": after}})) == 1


def test_a_night_without_news_is_one_question_and_news_are_a_page():
    kept = vault({"repositories": ("acme/app",), "read": "workflows", "workflows": ("deploy.yml",)})
    known = {SHOP: {"deployments": [deployment(n, n, "SUCCESS") for n in range(1, 21)]}, "acme/lib": {}}
    known["acme/app"] = {"runs": {"deploy.yml": [run(1, 5)]}}
    night(kept, known)
    assert len(kept.rows["deployments"]) == 21
    assert [request.method for request in night(kept, known)] == ["POST", "GET"]
    known[SHOP]["deployments"].append(deployment(21, 21, "SUCCESS"))
    asked = night(kept, known)
    assert len(asked) == 3 and len(kept.rows["deployments"]) == 22
    [page] = [variables for request in asked if "order" in (variables := (request.body or {}).get("variables", {}))]
    assert page["first"] == 10


def test_a_killed_first_night_goes_on_where_it_stood():
    kept = vault()
    known = {SHOP: {"deployments": [deployment(n, n % 27 + 1, "SUCCESS") for n in range(1, 121)]}}
    with serving(github(known)) as server:
        kept.night(server.url, batches=2)
        assert len(kept.rows["deployments"]) == 50
        kept.night(server.url)
    assert len(kept.rows["deployments"]) == 120


def test_more_statuses_than_a_page_are_followed():
    kept = vault()
    states = ("QUEUED", "SUCCESS", *["IN_PROGRESS"] * 3, "INACTIVE")
    night(kept, {SHOP: {"deployments": [deployment(1, 5, *states)]}}, nested=1)
    assert kept.rows["deployments"][0]["finished_at"].minute == 20


def test_a_run_of_a_named_workflow_deploys_and_a_push_is_nobodys():
    kept = vault({"repositories": ("*/shop",), "read": "workflows", "workflows": ("deploy.yml", "none.yml")})
    runs = [
        run(1, 5),
        run(2, 6, event="workflow_dispatch"),
        run(3, 7, conclusion="startup_failure"),
        run(4, 8, status="in_progress", conclusion=None),
    ]
    night(
        kept,
        {SHOP: {"runs": {"deploy.yml": runs, "checks.yml": [run(9, 5)]}, "deployments": [deployment(1, 5, "SUCCESS")]}},
    )
    found = by_key(kept)
    assert set(found) == {key(n, "runs") for n in (1, 2, 3)}
    deployers = [found[key(n, "runs")]["deployer_key"] for n in (1, 2)]
    assert deployers == [None, PSEUDONYMS.account("github", "ann-a")]
    assert [found[key(n, "runs")]["status"] for n in (1, 2, 3)] == ["success", "success", "failure"]
    assert {row["environment"] for row in found.values()} == {"production"}


def test_a_release_deploys_when_it_is_published_and_a_preview_elsewhere():
    kept = vault({"repositories": ("acme/*",), "read": "releases", "services": SERVICES})
    listed = [
        release(1, 5, tagName="API@2"),
        release(2, 6, isPrerelease=True),
        release(3, 7, isDraft=True, publishedAt=None),
        release(4, 8, tagCommit=None),
    ]
    night(kept, {SHOP: {"releases": listed}})
    found = by_key(kept)
    assert set(found) == {key(n, "releases") for n in (1, 2, 4)}
    first, second = found[key(1, "releases")], found[key(2, "releases")]
    assert (first["service_key"], first["environment"]) == (PSEUDONYMS.scope("service", "api"), "production")
    assert (second["service_key"], second["environment"]) == (PSEUDONYMS.scope("service", "shop"), "other")
    assert str(first["finished_at"]) == "2024-02-05 13:00:00"


def test_paths_and_labels_become_services_and_are_gone():
    kept = vault({"repositories": (MONO,), "services": SERVICES})
    changes = [
        change(1, 5, "docs/canary-7f3a.md", "x", "api/canary-7f3a.py"),
        change(2, 6, "shared/x"),
        change(3, 7, "README", labels=["canary-7f3a"]),
        change(4, 7, "README", labels=["Area: Web"]),
    ]
    listed = [
        deployment(1, 8, "SUCCESS", environment="API-live"),
        deployment(2, 8, "SUCCESS"),
        deployment(3, 9, "SUCCESS", environment="api"),
    ]
    asked = night(
        kept, {MONO: {"pullRequests": changes, "deployments": listed}, SHOP: {"pullRequests": [change(1, 5, "api/x")]}}
    )
    touched = {(row["change_key"], row["service_key"]) for row in kept.rows["change_services"]}
    expected = {(1, "api"), (2, "api"), (2, "web"), (3, "mono"), (4, "web")}
    assert touched == {(PSEUDONYMS.key("change", f"{MONO}#{n}"), PSEUDONYMS.scope("service", s)) for n, s in expected}
    services = [PSEUDONYMS.scope("service", name) for name in ("api", "mono", "mono")]
    found = by_key(kept)
    assert [found[key(n, repository=MONO)]["service_key"] for n in (1, 2, 3)] == services
    assert [found[key(n, repository=MONO)]["environment"] for n in (1, 2, 3)] == ["production", "production", "other"]
    whole = {row["service_key"]: row["is_whole"] for row in kept.rows["services"]}
    assert whole == {
        PSEUDONYMS.scope("service", name): name in ("mono", "shop") for name in ("api", "web", "mono", "shop")
    }
    assert "canary-7f3a" not in repr((kept.rows, kept.cursors))
    assert sum("files" in json.dumps(request.body) for request in asked) == 2  # a page, and what did not fit on it


def test_another_rule_reads_a_repository_anew():
    kept = vault({"repositories": (MONO,), "services": SERVICES})
    known = {MONO: {"pullRequests": [change(1, 5, "api/x")]}}
    night(kept, known)
    kept.options["rules"] = ({"repositories": (MONO,), "read": "nothing", "services": {"web": {"paths": ("api/*",)}}},)
    night(kept, known)
    assert kept.column("change_services", "service_key") == [PSEUDONYMS.scope("service", "web")]
    assert set(kept.column("services", "told_by")) == {"nothing"} and len(kept.rows["services"]) == 2


def test_a_listed_repository_that_is_gone_fails_alone():
    kept = vault(repositories=["acme/gone", SHOP])
    with serving(github({SHOP: {"deployments": [deployment(1, 5, "SUCCESS")]}})) as server:
        done = kept.night(server.url)
    [failure] = done.failures
    assert isinstance(failure.error, Gone) and "gone" not in str(failure.error).split()
    assert set(failure.streams) == {"deployments", "change_services"} and len(kept.rows["deployments"]) == 1


def test_a_token_without_the_permission_fails_and_says_so():
    kept = vault()
    with serving(github({SHOP: {}}, trouble=lambda _: Reply({"message": "Resource not accessible"}, 403))) as server:
        done = kept.night(server.url)
    assert [type(failure.error) for failure in done.failures] == [Refused] and done.streams_complete == set()


@pytest.mark.parametrize(
    "broken",
    [
        {"statuses": {"nodes": None}},
        {"databaseId": None, "id": None},
        {"statuses": {"nodes": [{"state": "SUCCESS", "createdAt": None}]}},
    ],
)
def test_half_a_page_stops_the_repository_and_leaves_the_cursor(broken):
    kept = vault()

    def trouble(request):
        if "order" not in request.body["variables"]:
            return None
        node = {**deployment(1, 5), "statuses": {"nodes": [{"state": "SUCCESS", "createdAt": "2024-02-05T12:00:00Z"}]}}
        return Reply({"data": {"repository": {"deployments": {"nodes": [{**node, **broken}]}}}})

    with serving(github({SHOP: {"deployments": [deployment(1, 5)]}}, trouble=trouble)) as server:
        done = kept.night(server.url)
    assert [type(failure.error) for failure in done.failures] == [Malformed] and kept.cursors == {}
    night(kept, {SHOP: {"deployments": [deployment(1, 5, "SUCCESS")]}})
    assert len(kept.rows["deployments"]) == 1


def test_an_answer_that_breaks_off_is_asked_for_again():
    kept, broken = vault(), []

    def trouble(request):
        if broken or "order" not in request.body["variables"]:
            return None
        broken.append(request)
        return Reply('{"data": {"repository": {"depl', missing=100)

    night(kept, {SHOP: {"deployments": [deployment(1, 5, "SUCCESS")]}}, trouble=trouble)
    assert broken and len(kept.rows["deployments"]) == 1
