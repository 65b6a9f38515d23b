"""GitHub read through real HTTP: everything once, only what is new, whatever happens on the way."""

import dataclasses
import datetime as dt
import itertools
import re
import threading

import pytest

from sources.batches import Pace, State
from sources.errors import Gone, Malformed, Refused, Stumbled, Unavailable
from sources.extract import extract
from sources.limits import Counters, Limits, Time
from sources.minimise import Pseudonyms
from sources.reading import Connection, Page, Scope
from sources.systems import load
from sources.systems.github_pages import LARGEST
from tests.fake_github import change, github
from tests.fake_server import Reply, serving

CANARY = "canary-7f3a"
CLOCK = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
GITHUB = load("github")
PSEUDONYMS = Pseudonyms(b"k" * 32)
UNNAMED = {"nameWithOwner": 7, "x": CANARY, "pullRequests": {"nodes": []}}
NOT_FOUND = {"type": "NOT_FOUND", "path": ["organization"], "message": f"Could not resolve to {CANARY}"}


class Vault:
    """What a writer of batches does, in memory: delete what is replaced, insert, remember."""

    def __init__(self):
        self.rows = {stream.name: [] for stream in GITHUB.streams}
        self.cursors = {}
        self.etags = {}

    def write(self, batch):
        for name, table in batch.tables.items():
            old = {tuple(row.values()) for row in batch.replaced[name].to_pylist()}
            by = GITHUB.stream(name).replaces
            kept = [row for row in self.rows[name] if tuple(row[column] for column in by) not in old]
            self.rows[name] = kept + table.to_pylist()
        if batch.cursor is not None:
            self.cursors[batch.stream, batch.scope_key] = batch.cursor
        self.etags.update(batch.etags)

    def night(self, server, batches=None, **options):
        """One run; killed after so many batches, if given."""
        connection = Connection(server.url, {}, {"organisation": "meridian", **options})
        pace = Pace(threads=4, limits=Limits(attempts=2), time=Time(sleep=lambda _: None))
        run = extract(GITHUB, connection, State(dict(self.cursors), dict(self.etags)), PSEUDONYMS, CLOCK, pace)
        for batch in itertools.islice(run.batches, batches):
            self.write(batch)
        return run

    def column(self, stream, name):
        return [row[name] for row in self.rows[stream]]


def review(number, login="bob", **more):
    author = login and {"__typename": "User", "login": login}
    return {"id": f"R{number}", "state": "APPROVED", "submittedAt": "2024-01-05T10:00:00Z", "author": author, **more}


def commit(number, login="ann", email="ann@example.org"):
    author = {"email": email, "user": login and {"login": login}}
    times = {"authoredDate": "2024-01-01T10:00:00+02:00", "committedDate": "2024-01-01T10:00:00Z"}
    return {"commit": {"oid": f"{number:040x}", "additions": 1, "deletions": 0, "author": author, **times}}


def company(changes=3, repositories=3):
    return {f"meridian/r{at}": [change(number) for number in range(1, changes + 1)] for at in range(repositories)}


def key(number, repository="meridian/r0"):
    return PSEUDONYMS.key("change", f"{repository}#{number}")


def test_a_first_night_reads_everything_once():
    nested = {"reviews": [review(n) for n in range(7)], "commits": [commit(n) for n in range(5)]}
    data = {**company(120), "meridian/empty": [], "meridian/deep": [change(1, **nested)]}
    vault = Vault()
    with serving(github(data)) as server:
        run = vault.night(server)
        assert run.counters.requests == len(server.requests)
    assert run.failures == []
    assert run.streams_complete == {"repositories", "changes", "reviews", "commits"}
    assert len(vault.rows["repositories"]) == 5
    assert len(set(vault.column("changes", "change_key"))) == len(vault.rows["changes"]) == 3 * 120 + 1
    assert (len(vault.rows["reviews"]), len(vault.rows["commits"])) == (7, 5)
    assert set(vault.column("reviews", "change_key")) == {key(1, "meridian/deep")}
    assert run.counters.rows == sum(map(len, vault.rows.values()))


def test_a_night_without_news_asks_for_the_repositories_alone():
    data = {**company(120), "meridian/empty": []}
    vault = Vault()
    with serving(github(data)) as server:
        vault.night(server)
        before, asked = {name: len(rows) for name, rows in vault.rows.items()}, len(server.requests)
        run = vault.night(server)
        assert len(server.requests) - asked == 2  # the fake tells of two repositories a page
    assert run.failures == []
    assert {name: len(rows) for name, rows in vault.rows.items()} == before
    assert run.streams_complete == {stream.name for stream in GITHUB.streams}


def test_a_repository_with_news_is_asked_for_them_alone():
    data = company(3)
    vault = Vault()
    with serving(github(data)) as server:
        vault.night(server)
        data["meridian/r1"][0].update(updatedAt="2024-02-10T00:00:00Z", additions=99)
        asked = len(server.requests)
        vault.night(server)
        names = [request.body["variables"].get("name") for request in server.requests[asked:]]
    assert names == [None, None, "r1"]
    assert vault.column("changes", "additions").count(99) == 1


def test_the_first_change_of_an_empty_repository_is_news():
    data = {"meridian/r0": []}
    vault = Vault()
    with serving(github(data)) as server:
        vault.night(server)
        data["meridian/r0"].append(change(1))
        vault.night(server)
        asked = len(server.requests)
        vault.night(server)
        assert len(server.requests) - asked == 1
        data["meridian/r0"].clear()  # all taken away: nothing to read
        vault.night(server)
        assert len(server.requests) - asked == 2
    assert vault.column("changes", "change_key") == [key(1)]


def test_only_what_is_new_is_read_and_replaces_what_was():
    data = company(120, 1)
    changes = data["meridian/r0"]
    changes[4]["reviews"] = [review(1), review(2)]
    vault = Vault()
    with serving(github(data)) as server:
        vault.night(server)
        changes[4].update(updatedAt="2024-02-10T00:00:00Z", additions=99, reviews=[])
        changes.append(change(121, updatedAt="2024-02-11T00:00:00Z"))
        asked = len(server.requests)
        vault.night(server)
        assert len(server.requests) - asked == 2
    found = {row["change_key"]: row for row in vault.rows["changes"]}
    assert len(found) == len(vault.rows["changes"]) == 121
    assert found[key(5)]["additions"] == 99
    assert vault.rows["reviews"] == []


@pytest.mark.parametrize("killed_after", range(1, 7))
def test_a_killed_run_goes_on_with_nothing_lost_and_nothing_twice(killed_after):
    data = company(LARGEST * 3 + 1, 1)
    data["meridian/r0"][2]["reviews"] = [review(1)]
    vault = Vault()
    with serving(github(data)) as server:
        vault.night(server, killed_after)
        data["meridian/r0"][0].update(updatedAt="2024-02-10T00:00:00Z", additions=99)  # before the next run
        run = vault.night(server)
    assert run.failures == []
    found = {row["change_key"]: row for row in vault.rows["changes"]}
    assert len(found) == len(vault.rows["changes"]) == LARGEST * 3 + 1
    assert found[key(1)]["additions"] == 99
    assert len(vault.rows["reviews"]) == 1


@pytest.mark.parametrize("cursor", ["", "no json", "[]", '{"unknown": 1}'])
def test_a_cursor_that_says_nothing_begins_at_the_beginning(cursor):
    vault = Vault()
    vault.cursors["changes", PSEUDONYMS.scope("repository", "meridian/r0")] = cursor
    with serving(github(company(3, 1))) as server:
        assert vault.night(server).failures == []
    assert len(vault.rows["changes"]) == 3


def test_many_news_are_followed_over_pages_and_the_cursor_moves_at_the_end():
    data = company(200, 1)
    vault = Vault()
    with serving(github(data)) as server:
        vault.night(server)
        first = dict(vault.cursors)
        for each in data["meridian/r0"][:150]:
            each.update(updatedAt="2024-02-10T00:00:00Z", additions=99)
        vault.night(server, 2)
        assert vault.cursors == first
        vault.night(server)
        assert vault.cursors != first
    assert vault.column("changes", "additions").count(99) == 150
    assert len(vault.rows["changes"]) == 200


@pytest.mark.parametrize(
    "refusal",
    [
        Reply("", 502),
        {"errors": [{"type": "MAX_NODE_LIMIT_EXCEEDED", "message": "…"}]},
        {"data": None, "errors": [{"message": "Something went wrong while executing your query on …"}]},
    ],
)
def test_a_page_too_large_is_asked_for_smaller(refusal):
    def trouble(request):
        return refusal if request.body["variables"].get("first", 0) > 20 else None

    vault = Vault()
    with serving(github(company(60, 1), trouble=trouble)) as server:
        assert vault.night(server).failures == []
    assert len(vault.rows["changes"]) == 60


def test_a_repository_that_fails_keeps_nothing_of_the_others_back():
    def trouble(request):
        return Reply("", 502) if request.body["variables"].get("name") == "r1" else None

    vault = Vault()
    with serving(github(company(), trouble=trouble)) as server:
        run = vault.night(server)
    [failure] = run.failures
    assert isinstance(failure.error, Unavailable)
    assert failure.streams == ("changes", "reviews", "commits")
    assert failure.scope_key == PSEUDONYMS.scope("repository", "meridian/r1")
    assert run.streams_complete == {"repositories"}
    assert len(vault.rows["changes"]) == 6


def test_listed_repositories_are_asked_for_one_by_one_and_one_that_is_gone_fails_alone():
    vault = Vault()
    listed = ["meridian/r0", "r1", "meridian/gone"]
    with serving(github(company())) as server:
        for more in (6, 4):  # on the second night nothing is new, and what is gone is asked for again
            before = len(server.requests)
            run = vault.night(server, repositories=listed)
            assert [type(failure.error) for failure in run.failures] == [Gone]
            assert "gone" not in str(run.failures[0].error).replace("Gone", "")
            assert len(server.requests) - before == more
    assert len(vault.rows["repositories"]) == 2
    assert len(vault.rows["changes"]) == 6


def test_an_unknown_token_is_not_tried_on_every_repository():
    def trouble(request):
        return Reply({"message": CANARY}, 401) if "name" in request.body["variables"] else None

    with serving(github(company(1, 40), trouble=trouble)) as server:
        run = Vault().night(server)
        assert len(server.requests) < 40
    assert {type(failure.error) for failure in run.failures} == {Refused}
    assert len(run.failures) == 40
    assert "changes" not in run.streams_complete


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        (Reply({"message": CANARY}, 401), Refused),
        (Reply({"message": CANARY}, 404), Gone),
        (Reply({"message": CANARY}), Malformed),
        (Reply({"data": {"organization": {"repositories": {"nodes": [UNNAMED]}}}}), Malformed),
        (Reply({"data": {"organization": {"repositories": CANARY}}}), Malformed),
        (Reply({"data": {"organization": None}}), Gone),
        (Reply({"data": {"organization": None}, "errors": [NOT_FOUND]}), Gone),
        (Reply("<html>", headers={"Content-Type": "text/html"}), Malformed),
    ],
)
def test_a_survey_that_fails_is_a_failure_of_the_system(broken, error):
    with serving(lambda _: broken) as server:
        run = Vault().night(server)
    [failure] = run.failures
    assert isinstance(failure.error, error)
    assert failure.scope_key is None
    assert run.streams_complete == frozenset()
    assert CANARY not in str(failure.error)


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
def test_a_record_out_of_shape_is_told_without_its_value(harm):
    def trouble(request):
        if "name" not in request.body["variables"]:
            return None
        node = {**change(1), **dict.fromkeys(("reviews", "commits", "timelineItems"), {"nodes": []}), **harm}
        node.setdefault(CANARY, CANARY)
        changes = {"nodes": [node], "pageInfo": {"hasNextPage": False, "endCursor": None}}
        return {"data": {"repository": {"defaultBranchRef": None, "pullRequests": changes}}}

    with serving(github(company(1, 1), trouble=trouble)) as server:
        run = Vault().night(server)
    [failure] = run.failures
    assert isinstance(failure.error, Malformed | Stumbled)
    assert CANARY not in str(failure.error)


def test_flags_are_told_at_the_door_and_texts_stay_there():
    bot = {"__typename": "Bot", "login": "dependabot"}
    drafts = [{"__typename": "ConvertToDraftEvent", "createdAt": "2024-01-02T00:00:00Z"}]
    ready = [{"__typename": "ReadyForReviewEvent", "createdAt": f"2024-01-0{day}T00:00:00Z"} for day in (3, 5)]
    data = [
        change(1, title=f"Revert {CANARY}", headRefName=CANARY, author=None),
        change(2, headRefName=f"revert-1-{CANARY}", author=bot, mergedBy={"__typename": "User", "login": "x[bot]"}),
        change(3, baseRefName=CANARY, isDraft=True, mergedAt=None, closedAt=None, mergedBy=None),
        change(4, timelineItems=drafts + ready),
        change(
            5, reviews=[review(1, None), review(2, state="PENDING"), review(3, submittedAt=None), review(4, "c[bot]")]
        ),
        change(6, commits=[commit(1, None), commit(2, None, "1+dependabot[bot]@users.noreply.github.com"), commit(3)]),
    ]
    vault = Vault()
    with serving(github({"meridian/r0": data})) as server:
        assert vault.night(server).failures == []
    row = {each["change_key"]: each for each in vault.rows["changes"]}
    one, two, three, four = (row[key(number)] for number in (1, 2, 3, 4))
    assert (one["is_revert"], one["reverts_key"], one["author_key"], one["author_is_bot"]) == (True, None, None, False)
    assert (two["is_revert"], two["reverts_key"]) == (True, key(1))
    assert (two["author_is_bot"], two["merged_by_is_bot"]) == (True, True)
    assert (three["is_base_default"], three["ready_at"], three["merged_by_key"]) == (False, None, None)
    assert one["ready_at"] == one["created_at"]
    assert four["ready_at"].day == 3
    reviews = vault.rows["reviews"]
    assert [(each["reviewer_key"] is None, each["reviewer_is_bot"]) for each in reviews] == [
        (True, False),
        (False, True),
    ]
    commits = vault.rows["commits"]
    assert [each["author_is_bot"] for each in commits] == [False, True, False]
    assert commits[0]["author_key"] == PSEUDONYMS.account("email", "ann@example.org")
    assert commits[2]["author_key"] == PSEUDONYMS.account("github", "Ann")
    assert str(commits[2]["authored_at"]) == "2024-01-01 08:00:00"
    assert CANARY not in str(vault.rows) + str(vault.cursors)


def test_an_unknown_field_is_nowhere():
    def canaries(value):
        if isinstance(value, dict):
            return {**{name: canaries(inner) for name, inner in value.items()}, "unheardOf": CANARY}
        return [canaries(inner) for inner in value] if isinstance(value, list) else value

    data = {"meridian/r0": [canaries(change(1, reviews=[review(1)], commits=[commit(1)]))]}
    vault = Vault()
    with serving(github(data)) as server:
        assert vault.night(server).failures == []
    assert [len(rows) for rows in vault.rows.values()] == [1, 1, 1, 1]
    assert CANARY not in str(vault.rows)


def test_the_question_names_nothing_but_what_is_declared():
    with serving(github(company(1, 1))) as server:
        Vault().night(server)
        questions = " ".join(request.body["query"] for request in server.requests)
    words = set(re.findall(r"\w+", questions.lower()))
    assert words.isdisjoint({"body", "bodytext", "avatarurl", "url", "message", "labels", "comments", "path", "files"})


def test_a_repository_that_cannot_be_seen_is_gone():
    def trouble(request):
        return {"data": {"repository": None}} if "name" in request.body["variables"] else None

    with serving(github(company(1, 1), trouble=trouble)) as server:
        assert [type(failure.error) for failure in Vault().night(server).failures] == [Gone]


@pytest.mark.parametrize("wrong", [CANARY, None, 7])
def test_a_change_without_the_time_of_its_update_is_refused(wrong):
    data = company(1, 1)
    vault = Vault()

    def trouble(request):
        if request.body["variables"].get("order", {}).get("field") == "UPDATED_AT":
            changes = {"nodes": [{"updatedAt": wrong}], "pageInfo": {"hasNextPage": False}}
            return {"data": {"repository": {"pullRequests": changes}}}
        return None

    with serving(github(data, trouble=trouble)) as server:
        vault.night(server)
        data["meridian/r0"][0].update(updatedAt="2024-02-10T00:00:00Z")
        [failure] = vault.night(server).failures
    assert isinstance(failure.error, Malformed)
    assert CANARY not in str(failure.error)


def test_a_fault_in_the_reader_is_told_by_place_and_type_alone():
    class Faulty:
        counters = Counters()

        def survey(self):
            yield Page(scopes=[Scope("meridian/r0"), Scope("meridian/r1")])

        def read(self, scope, cursor):
            raise RuntimeError(CANARY)

    system = dataclasses.replace(GITHUB, reader=lambda *_: Faulty())
    run = extract(system, Connection(""), State(), PSEUDONYMS, CLOCK)
    assert list(run.batches) == []
    assert [type(failure.error) for failure in run.failures] == [Stumbled, Stumbled]
    assert "RuntimeError at test_extract_github.py" in str(run.failures[0].error)
    assert CANARY not in str(run.failures)


def test_a_slow_writer_slows_the_reading_and_leaving_early_ends_it():
    with serving(github(company(1, 60))) as server:
        connection = Connection(server.url, {}, {"organisation": "meridian"})
        run = extract(GITHUB, connection, State(), PSEUDONYMS, CLOCK)
        batches = run.batches
        next(batch for batch in batches if batch.stream == "changes")
        batches.close()
        for thread in threading.enumerate():
            if thread.name.startswith("quorum-"):
                thread.join(5)
        assert len(server.requests) < 30 + 2 * 16 + 8
    assert run.streams_complete == frozenset()


def test_progress_is_told_batch_by_batch():
    told = []
    with serving(github(company(1, 2))) as server:
        connection = Connection(server.url, {}, {"organisation": "meridian"})
        pace = Pace(progress=lambda rows, requests: told.append((rows, requests)))
        run = extract(GITHUB, connection, State(), PSEUDONYMS, CLOCK, pace)
        assert len(list(run.batches)) == len(told) == 3
    assert told[-1] == (4, run.counters.requests)
