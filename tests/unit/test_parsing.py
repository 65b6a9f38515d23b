"""Of an answer only what a reader looks at becomes objects; what is no JSON is told without its text."""

import pytest

from sources.api import Api
from sources.errors import Malformed
from sources.limits import Limits, Time
from sources.parsing import shaped, whole
from sources.reading import Connection
from sources.systems import actions_answers, jira_answers
from sources.systems.actions import RUNS
from sources.systems.jira import ISSUES
from tests.fake_server import Reply, serving

CANARY = "canary-7f3a"
PARSE = shaped("next", "issues[].id", "issues[].fields.status.name", "issues[].fields.labels", "issues[].moves[].at")


def test_what_is_not_named_is_never_made():
    raw = (
        b'{"next": "t", "total": 1, "issues": [null, {"id": 7, "key": 1, "moves": [{"at": "t", "by": {"name": "x"}}],'
        b'"fields": {"status": {"name": "Open", "id": 1}, "summary": "x", "labels": ["a", {"b": 1}]}}]}'
    )
    fields = {"status": {"name": "Open"}, "labels": ["a", {"b": 1}]}
    assert PARSE(raw) == {"next": "t", "issues": [None, {"id": 7, "moves": [{"at": "t"}], "fields": fields}]}


def test_what_is_null_or_absent_stays_so():
    assert PARSE(b'{"issues": [{"id": null, "fields": {"status": null}}, {}]}') == {
        "issues": [{"id": None, "fields": {"status": None}}, {}]
    }
    assert PARSE(b"null") is None


def test_a_list_may_be_the_whole_answer():
    assert shaped("[].id", "[].of.name")(b'[{"id": 1, "x": 2}, {"of": {"name": "n", "y": 3}}]') == [
        {"id": 1},
        {"of": {"name": "n"}},
    ]


def test_what_a_path_ends_at_is_taken_whole_whatever_other_paths_say():
    assert shaped("status.name", "status")(b'{"status": {"name": "a", "id": 1}}') == {"status": {"name": "a", "id": 1}}


@pytest.mark.parametrize("raw", [b'{"issues": 5}', b'{"issues": [{"fields": "text"}]}', b"[1]", b'"text"'])
def test_an_answer_of_another_shape_is_left_to_its_reader(raw):
    assert PARSE(raw) == whole(raw)


@pytest.mark.parametrize("parse", [whole, PARSE])
@pytest.mark.parametrize(
    "body",
    [
        b'{"next": "canary-7f3a',
        b'{"next": "canary-7f3a\xff"}',
        b'{"next": "canary-7f3a\\ud800"}',
        b'{"next": "canary-7f3a", "issues": [NaN]}',
        b'{"next": "canary-7f3a", "x": ' + b"[" * 100_000,
    ],
)
def test_what_is_no_json_is_told_without_its_text(parse, body):
    with serving(lambda _: Reply(body)) as server:
        client = Api(Connection(server.url), Limits(attempts=2), Time(sleep=lambda _: None))
        with pytest.raises(Malformed, match="not JSON") as raised:
            client.get("x", "/x", parse=parse)
    assert CANARY not in str(raised.value)
    assert raised.value.__context__ is None


@pytest.mark.parametrize(
    ("stream", "shown"),
    [(ISSUES, {"id", *(f"fields.{path}" for path in jira_answers.SHOWN)}), (RUNS, set(actions_answers.SHOWN))],
)
def test_every_path_of_a_column_is_looked_at(stream, shown):
    added = {"repository.name", "status_class", "is_unplanned"}  # by the readers
    paths = {path for column in stream.columns for path in (column.path, *(one.path for one in column.accounts))}
    assert paths - {""} - added <= shown
