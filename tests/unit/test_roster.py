"""A roster is read from YAML or CSV, leaves as pseudonyms, and is refused with row numbers and kinds alone."""

from datetime import date

import pytest

from sources.minimise import Pseudonyms
from sources.roster import parse_roster
from sources.roster_rows import Kind, Problem, RosterError

KEYS = Pseudonyms(b"k" * 32)
CANARY = "canary.person"
TREE = """\
organisation: {id: acme, name: Acme}
groups:
  - {id: platform, name: Platform, from: 2024-01-01}
teams:
  - {id: storage, name: Storage, group: platform, from: 2024-01-01}
  - {id: network, name: Network, group: platform, from: 2024-02-01, to: 2025-01-01}
people:
"""
ADA = """\
  - person: p-001
    name: Ada Example
    accounts: {github: [Ada-E], jira: ["5f1a"], email: [ada@acme.example, 12+Ada-E@users.noreply.github.com]}
    teams: [{team: storage, from: 2024-01-01, to: 2024-06-01}, {team: platform, from: 2024-06-01}]
"""
UNITS = """\
unit_id,parent_id,level,name,from,to
acme,,org,Acme,,
platform,acme,group,Platform,2024-01-01,
storage,platform,team,Storage,2024-01-01,
"""
PEOPLE = """\
person,name,team,from,to,github,jira,email
p-001,Ada Example,storage,2024-01-01,2024-06-01,Ada-E,5f1a,ada@acme.example 12+Ada-E@users.noreply.github.com
p-001,Ada Example,platform,2024-06-01,,Ada-E,5f1a,
"""


def refused(text: str | bytes, *people: bytes) -> list[tuple[int, Kind]]:
    """The problems of a roster that is refused; the message holds no value."""
    with pytest.raises(RosterError) as caught:
        parse_roster(text if isinstance(text, bytes) else text.encode(), *people)
    assert CANARY not in str(caught.value) + repr(caught.value)
    assert caught.value.__cause__ is None and (caught.value.__suppress_context__ or caught.value.__context__ is None)
    return [(problem.row, problem.kind) for problem in caught.value.problems]


def person(name: str, teams: str = "", accounts: str = "") -> str:
    """One more person of the YAML form, on one line."""
    return f"  - {{person: {name}, accounts: {{{accounts}}}, teams: [{teams}]}}\n"


def test_tables_hold_pseudonyms_and_units():
    tables = parse_roster((TREE + ADA).encode()).tables(KEYS)
    key = tables["roster_members"]["person_key"][0].as_py()
    assert tables["roster_members"].to_pylist()[1] == {
        "person_key": key, "unit_id": "platform", "valid_from": date(2024, 6, 1), "valid_to": None,
    }  # fmt: skip
    assert tables["roster_units"].to_pylist()[0] == {
        "unit_id": "acme", "parent_id": None, "unit_level": "org", "unit_name": "Acme",
        "valid_from": date(2024, 1, 1), "valid_to": None,
    }  # fmt: skip
    accounts = tables["roster_accounts"].to_pylist()
    wanted = [KEYS.account("github", "ada-e"), KEYS.account("jira", "5f1a"), KEYS.account("email", "ada@acme.example")]
    assert accounts == [{"account_key": one, "person_key": key} for one in wanted]
    assert all(name not in str(tables) for name in ("Ada", "ada", "5f1a", "p-001"))


def test_both_forms_make_the_same_people():
    first = parse_roster((TREE + ADA).encode()).tables(KEYS)
    second = parse_roster(UNITS.encode(), PEOPLE.encode()).tables(KEYS)
    for table in ("roster_members", "roster_accounts"):
        assert first[table].equals(second[table])


NESTED = """\
organisation: {id: acme, name: Acme}
groups:
  - {id: tech, name: Technology, from: 2024-01-01}
  - {id: platform, name: Platform, group: tech, from: 2024-01-01}
teams:
  - {id: storage, name: Storage, group: platform, from: 2024-01-01}
  - {id: office, name: Office, group: tech, from: 2024-01-01}
people:
"""
NESTED_UNITS = """\
unit_id,parent_id,level,name,from,to
acme,,org,Acme,,
tech,acme,group,Technology,2024-01-01,
platform,tech,group,Platform,2024-01-01,
storage,platform,team,Storage,2024-01-01,
office,tech,team,Office,2024-01-01,
"""


def test_groups_nest_in_groups_as_deep_as_the_deployment_says():
    first = parse_roster((NESTED + ADA).encode(), depth=2).tables(KEYS)["roster_units"]
    second = parse_roster(NESTED_UNITS.encode(), PEOPLE.encode(), 2).tables(KEYS)["roster_units"]
    assert first.slice(1).equals(second.slice(1))
    parents = dict(zip(first["unit_id"].to_pylist(), first["parent_id"].to_pylist(), strict=True))
    assert parents == {"acme": None, "tech": "acme", "platform": "tech", "storage": "platform", "office": "tech"}
    assert refused(NESTED + ADA) == [(4, Kind.TOO_DEEP)]


@pytest.mark.parametrize(
    ("parent", "kind"), [("office", Kind.WRONG_PARENT), ("platform", Kind.CYCLE), ("nowhere", Kind.UNKNOWN_PARENT)]
)
def test_a_group_hangs_on_a_group_or_on_the_organisation(parent, kind):
    text = NESTED.replace("group: tech, from", f"group: {parent}, from", 1)
    assert kind in {found for _, found in refused(text + ADA)}


def test_identifiers_are_told_and_nothing_is_shown():
    roster = parse_roster((TREE + ADA).encode())
    assert {"Ada Example", "Ada-E", "5f1a", "ada@acme.example", "p-001"} <= roster.identifiers()
    assert "Ada" not in repr(roster) + repr(roster.memberships) + repr(roster.accounts)


def test_a_person_without_an_id_is_known_by_the_first_account():
    text = TREE + "  - {accounts: {github: [Someone]}, teams: [{team: storage, from: 2024-01-01}]}\n"
    tables = parse_roster(text.encode()).tables(KEYS)
    assert tables["roster_members"]["person_key"] == tables["roster_accounts"]["person_key"]


def test_a_membership_counts_only_while_its_unit_exists():
    roster = parse_roster((TREE + person("p-1", "{team: network, from: 2024-01-01}")).encode())
    row = roster.tables(KEYS)["roster_members"].to_pylist()[0]
    assert (row["valid_from"], row["valid_to"]) == (date(2024, 2, 1), date(2025, 1, 1))
    assert roster.warnings == (Problem("", 8, Kind.OUTSIDE_UNIT),)


def test_a_gap_is_a_warning():
    places = "{team: storage, from: 2024-01-01, to: 2024-02-01}, {team: storage, from: 2024-03-01}"
    assert [w.kind for w in parse_roster((TREE + person("p-1", places)).encode()).warnings] == [Kind.GAP]


@pytest.mark.parametrize(
    ("people", "kind"),
    [
        (person("p-1", f"{{team: {CANARY}, from: 2024-01-01}}"), Kind.UNKNOWN_TEAM),
        (person("p-1", "{team: acme, from: 2024-01-01}"), Kind.ON_ORGANISATION),
        (person("p-1", "{team: storage, from: 2024-01-01}, {team: network, from: 2024-05-01}"), Kind.OVERLAP),
        (person("p-1", "{team: storage, from: 2024-05-01, to: 2024-05-01}"), Kind.EMPTY_SPAN),
        (person("p-1", f"{{team: storage, from: {CANARY}}}"), Kind.BAD_DATE),
        (person("p-1", f"{{team: storage, from: 2024-01-01, {CANARY}: 1}}"), Kind.UNKNOWN_KEY),
        (person("p-1", "{team: storage}"), Kind.MISSING),
        (person("p-1", accounts=f"email: {CANARY}"), Kind.MALFORMED),
        (f"  - {{name: {CANARY}}}\n", Kind.NOBODY),
        (f"  - {{person: 1, person: 2, name: {CANARY}}}\n", Kind.TWICE_KEY),
    ],
)
def test_a_fault_in_a_person_is_told_by_row_and_kind(people, kind):
    assert refused(TREE + people) == [(8, kind)]


def test_an_account_of_two_persons_is_refused_however_it_is_spelt():
    first, second = (
        person("p-1", accounts=f"github: [{CANARY}]"),
        person("p-2", accounts=f"github: ['{CANARY.upper()} ']"),
    )
    assert refused(TREE + first + second) == [(9, Kind.DUPLICATE_ACCOUNT)]


def test_the_same_person_twice_is_refused():
    assert refused(TREE + person(CANARY) + person(CANARY)) == [(9, Kind.PERSON_TWICE)]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("canary.person,platform,team,T,2024-01-01,", Kind.BAD_ID),
        ("rest,platform,team,T,2024-01-01,", Kind.BAD_ID),
        ("t,canary.person,team,T,2024-01-01,", Kind.UNKNOWN_PARENT),
        ("t,acme,team,T,2024-01-01,", Kind.TEAM_ON_ORGANISATION),
        ("t,storage,team,T,2024-01-01,", Kind.WRONG_PARENT),
        ("platform,platform,team,T,2024-01-01,", Kind.LEVEL_CLASH),
        ("storage,platform,team,T,2024-01-01,", Kind.UNIT_TWICE),
        ("storage,acme,team,T,2024-01-01,", Kind.TWO_PARENTS),
        ("t,platform,team,T,2023-01-01,", Kind.UNIT_OUTSIDE_PARENT),
        ("t,platform,team,T,2024-01-01,2024-01-01", Kind.EMPTY_SPAN),
        ("t,platform,team,T,,", Kind.MISSING),
        ("t,platform,squad,T,2024-01-01,", Kind.MALFORMED),
        ("t,platform,team,T", Kind.MALFORMED),
        ("t,t,group,T,2024-01-01,", Kind.CYCLE),
        ("other,,org,O,,", Kind.ONE_ORGANISATION),
    ],
)
def test_a_fault_in_a_unit_is_told_by_row_and_kind(line, kind):
    assert (5, kind) in refused((UNITS + line + "\n").encode(), PEOPLE.encode())


def test_all_problems_come_at_once():
    people = person("p-1", "{team: nowhere, from: 2024-01-01}") + person("p-2", "{team: storage, from: soon}")
    assert refused(TREE + people) == [(8, Kind.UNKNOWN_TEAM), (9, Kind.BAD_DATE)]


@pytest.mark.parametrize(
    ("text", "row", "kind"),
    [
        (f"organisation: [\n{CANARY}: 1]]".encode(), 2, Kind.MALFORMED),
        (b"a: 1\nb: \xff" + CANARY.encode(), 2, Kind.BAD_UTF8),
        (b"a: \x00", 1, Kind.MALFORMED),
        (b"[" * 5000, 1, Kind.MALFORMED),
        (b"", 1, Kind.MALFORMED),
    ],
)
def test_a_file_that_is_no_roster_is_refused(text, row, kind):
    assert (row, kind) in refused(text)


def test_csv_with_another_heading_or_a_broken_quote_is_refused():
    assert refused(UNITS.encode(), PEOPLE.replace("name", CANARY, 1).encode()) == [(1, Kind.UNKNOWN_KEY)]
    assert refused(UNITS.encode(), (PEOPLE + f'"{CANARY}').encode()) == [(4, Kind.MALFORMED)]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (f",{CANARY},storage,2024-01-01,,,,", Kind.NOBODY),
        (f"p-2,{CANARY},storage,,,,,", Kind.MISSING),
        (f"p-2,{CANARY},storage,yesterday,,,,", Kind.BAD_DATE),
        (f"p-2,{CANARY},{CANARY},2024-01-01,,,,", Kind.UNKNOWN_TEAM),
        ("p-2,B,storage,2024-01-01,,ADA-E,,", Kind.DUPLICATE_ACCOUNT),
        ("p-1,B,storage", Kind.MALFORMED),
    ],
)
def test_a_fault_in_a_row_of_people_is_told_by_row_and_kind(line, kind):
    assert refused(UNITS.encode(), (PEOPLE + line + "\n").encode()) == [(4, kind)]


def test_many_problems_are_counted_and_the_first_shown():
    with pytest.raises(RosterError, match="and 15 more"):
        parse_roster((TREE + "  - {}\n" * 35).encode())
