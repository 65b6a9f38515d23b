"""What becomes of GitHub's records: flags, pseudonyms and numbers; texts and unknown fields stay at the door."""

import re

import pytest

from sources.errors import Malformed, Stumbled
from sources.systems import load
from tests.fake_github import change, commit, company, github, review
from tests.fake_server import serving
from tests.memory_vault import PSEUDONYMS, MemoryVault

CANARY = "canary-7f3a"
GITHUB = load("github")


@pytest.fixture
def vault():
    return MemoryVault(GITHUB, organisation="meridian")


def key(number, repository="meridian/r0"):
    return PSEUDONYMS.key("change", f"{repository}#{number}")


@pytest.mark.parametrize(
    "harm",
    [
        {"createdAt": None},
        {"reviews": {"nodes": [{"id": CANARY}]}},
        {"createdAt": CANARY},
        {"number": None},
        {"additions": CANARY},
        {"reviews": CANARY},
        {"author": {"login": [CANARY]}},
    ],
)
def test_a_record_out_of_shape_is_told_without_its_value(vault, harm):
    def trouble(request):
        if "name" not in request.body["variables"]:
            return None
        node = {**change(1), **dict.fromkeys(("reviews", "commits", "timelineItems"), {"nodes": []}), **harm}
        node.setdefault(CANARY, CANARY)
        changes = {"nodes": [node], "pageInfo": {"hasNextPage": False, "endCursor": None}}
        return {"data": {"repository": {"defaultBranchRef": None, "pullRequests": changes}}}

    with serving(github(company(1, 1), trouble=trouble)) as server:
        run = vault.night(server.url)
    [failure] = run.failures
    assert isinstance(failure.error, Malformed | Stumbled)
    assert CANARY not in str(failure.error)


def test_flags_are_told_at_the_door_and_texts_stay_there(vault):
    bot = {"__typename": "Bot", "login": "dependabot"}
    drafts = [{"__typename": "ConvertToDraftEvent", "createdAt": "2024-01-02T00:00:00Z"}]
    dismissed = {"__typename": "ReviewDismissedEvent", "createdAt": "2024-01-04T00:00:00Z"}
    dismissed |= {"previousReviewState": "APPROVED", "review": {"id": review(5)["id"]}}
    ready = [{"__typename": "ReadyForReviewEvent", "createdAt": f"2024-01-0{day}T00:00:00Z"} for day in (3, 5)]
    data = [
        change(1, title=f"Revert {CANARY}", headRefName=CANARY, author=None),
        change(2, headRefName=f"revert-1-{CANARY}", author=bot, mergedBy={"__typename": "User", "login": "x[bot]"}),
        change(3, baseRefName=CANARY, isDraft=True, mergedAt=None, closedAt=None, mergedBy=None),
        change(4, timelineItems=ready),
        change(
            5, reviews=[review(1, None), review(2, state="PENDING"), review(3, submittedAt=None), review(4, "c[bot]")]
        ),
        change(7, timelineItems=ready + drafts),
        change(8, timelineItems=drafts, isDraft=True),
        change(9, reviews=[review(5, state="DISMISSED")], timelineItems=[dismissed]),
        change(6, commits=[commit(1, None), commit(2, None, "1+dependabot[bot]@users.noreply.github.com"), commit(3)]),
    ]
    with serving(github({"meridian/r0": data})) as server:
        assert vault.night(server.url).failures == []
    row = {each["change_key"]: each for each in vault.rows["changes"]}
    one, two, three, four = (row[key(number)] for number in (1, 2, 3, 4))
    assert (one["is_revert"], one["reverts_key"], one["author_key"], one["author_is_bot"]) == (True, None, None, False)
    assert (two["is_revert"], two["reverts_key"]) == (True, key(1))
    assert (two["author_is_bot"], two["merged_by_is_bot"]) == (True, True)
    assert (three["is_base_default"], three["ready_at"], three["merged_by_key"]) == (False, None, None)
    assert one["ready_at"] == one["created_at"]
    assert four["ready_at"].day == 3
    assert [row[key(number)]["ready_at"] == row[key(number)]["created_at"] for number in (7, 8)] == [True, True]
    reviews = vault.rows["reviews"]
    assert [(each["reviewer_key"] is None, each["reviewer_is_bot"]) for each in reviews] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert [(each["state"], str(each["dismissed_at"])) for each in reviews][-1] == ("approved", "2024-01-04 00:00:00")
    commits = vault.rows["commits"]
    assert [each["author_is_bot"] for each in commits] == [False, True, False]
    assert str(commits[2]["authored_at"]) == "2024-01-01 08:00:00"
    assert CANARY not in str(vault.rows) + str(vault.cursors)


def test_an_unknown_field_is_nowhere(vault):
    def canaries(value):
        if isinstance(value, dict):
            return {**{name: canaries(inner) for name, inner in value.items()}, "unheardOf": CANARY}
        return [canaries(inner) for inner in value] if isinstance(value, list) else value

    data = {"meridian/r0": [canaries(change(1, reviews=[review(1)], commits=[commit(1)]))]}
    with serving(github(data)) as server:
        assert vault.night(server.url).failures == []
    assert [len(rows) for rows in vault.rows.values()] == [1, 1, 1, 1]
    assert CANARY not in str(vault.rows)


def test_the_question_names_nothing_but_what_is_declared(vault):
    with serving(github(company(1, 1))) as server:
        vault.night(server.url)
        questions = " ".join(request.body["query"] for request in server.requests)
    questions = questions.replace("comments { totalCount }", "")  # how many there are, none of them
    words = set(re.findall(r"\w+", questions.lower()))
    assert words.isdisjoint({"body", "bodytext", "avatarurl", "url", "message", "labels", "comments", "path", "files"})


@pytest.mark.parametrize("wrong", [CANARY, None, 7])
def test_a_change_without_the_time_of_its_update_is_refused(vault, wrong):
    data = company(1, 1)

    def trouble(request):
        if request.body["variables"].get("order", {}).get("field") == "UPDATED_AT":
            changes = {"nodes": [{"updatedAt": wrong}], "pageInfo": {"hasNextPage": False}}
            return {"data": {"repository": {"pullRequests": changes}}}
        return None

    with serving(github(data, trouble=trouble)) as server:
        vault.night(server.url)
        data["meridian/r0"][0].update(updatedAt="2024-02-10T00:00:00Z")
        [failure] = vault.night(server.url).failures
    assert isinstance(failure.error, Malformed)
    assert CANARY not in str(failure.error)
