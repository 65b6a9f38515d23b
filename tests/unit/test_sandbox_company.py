"""The made-up company: the same from the same seed, a longer history only adds, and everybody of the cast is there."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import yaml

from sources.sandbox.chance import block_start, blocks_after
from sources.sandbox.company import LATE_NUMBERS, Company
from sources.sandbox.dialects.github_hub import GitHub
from sources.sandbox.dialects.github_objects import pull
from sources.sandbox.oracle import finished, merged
from sources.sandbox.oracle_ci import ended
from sources.sandbox.people import GHOST
from sources.sandbox.places import ALONE, ARCHIVED, DIRECT, EMPTY, REPOSITORIES, SHARED, TEAMS
from sources.sandbox.settings import Sandbox
from sources.sandbox.work import Change

SHORT = Sandbox(until=date(2025, 3, 3))
LONGER = replace(SHORT, until=date(2025, 4, 7))


@cache
def company(settings=None):
    return Company(settings)


def changes(settings=None) -> list[Change]:
    return [change for listed in company(settings).changes.values() for change in listed]


def seen_before(clock, settings):
    """What of a company's changes and issues had happened at an earlier clock."""
    found = {}
    for change in changes(settings):
        if change.created < clock:
            one = (
                [review.id for review in change.reviews if review.at < clock],
                [commit.id for commit in change.commits if commit.pushed < clock],
                [turn for turn in change.turns if turn[0] < clock],
                change.merged if change.merged and change.merged < clock else None,
                change.closed if change.closed and change.closed < clock else None,
                change.additions,
                change.deletions,
                change.author,
            )
            found[change.repository, change.number] = one
    for listed in company(settings).issues.values():
        for issue in listed:
            if issue.created < clock:
                moves = [(move.at, move.field, move.before, move.after) for move in issue.moves if move.at < clock]
                found[issue.key, issue.id] = (issue.kind, issue.created, issue.state, issue.assignee, moves)
    for listed in company(settings).runs.values():
        for run in listed:
            if run.created < clock:
                attempts = [(one.by, one.started) for one in run.attempts if one.started < clock]
                ends = [(one.ended, one.conclusion) for one in run.attempts if one.ended and one.ended < clock]
                found[run.id] = (run.repository, run.event, run.actor, run.created, attempts, ends)
    for name, commits in company(settings).commits.items():
        found[name] = [commit for commit in commits if commit.committed < clock]
    return found


def test_the_same_settings_give_the_same_company():
    one, other = company(SHORT), Company(replace(SHORT))
    assert one.roster == other.roster
    assert one.changes == other.changes
    assert one.issues == other.issues
    assert one.runs == other.runs
    assert one.commits == other.commits


def test_another_seed_gives_other_people():
    other = Company(replace(SHORT, seed=8))
    assert not {person.id for person in company(SHORT).people} & {person.id for person in other.people}


def test_a_later_clock_only_adds():
    assert seen_before(SHORT.clock, SHORT) == seen_before(SHORT.clock, LONGER)
    assert len(changes(LONGER)) > len(changes(SHORT))


def test_nothing_happens_at_the_clock_or_later():
    clock = SHORT.clock
    assert all(change.updated < clock and change.created < clock for change in changes(SHORT))
    assert all(issue.updated < clock for listed in company(SHORT).issues.values() for issue in listed)
    attempts = [attempt for listed in company(SHORT).runs.values() for run in listed for attempt in run.attempts]
    assert all(attempt.started < clock and (attempt.ended or attempt.started) < clock for attempt in attempts)
    assert not any(f'"{day}"' in str(company(SHORT).roster) for day in ("2025-03-04", "2025-03-31"))


def test_the_company_has_the_size_it_is_meant_to_have():
    assert len(TEAMS) == 16
    assert {team.people for team in TEAMS} >= {2, 16}
    assert len(REPOSITORIES) + len({ALONE}) == 14
    assert 120 <= len(company().people) <= 150
    assert 9_000 <= len(changes()) <= 12_000
    assert 7_000 <= sum(map(len, company().issues.values())) <= 8_500


def test_large_teams_merge_twenty_changes_a_block():
    blocks = Counter((one.team, block_start(one.at.date())) for one in merged(company()))
    large = {team.id for team in TEAMS if team.people >= 8 and team.id != "network"}
    whole = [blocks_after(date(2024, 12, 30), count) for count in range(24)]
    counts = [blocks[team, block] for team in large for block in whole]
    assert sum(count >= 20 for count in counts) >= 0.5 * len(counts)


def test_the_cast_is_complete():
    traits = Counter(trait for person in company().people for trait in person.traits)
    assert traits.keys() >= {
        "moves", "product owner", "three accounts", "in no team", "in no roster", "misplaced", "does nearly all",
        "deletes a module", "old address", "no-reply address",
    }  # fmt: skip
    moves = [place.start for person in company().people if "moves" in person.traits for place in person.places[1:]]
    assert any(block_start(day) == day for day in moves)
    assert any(block_start(day) != day for day in moves)
    assert any(person.places and person.places[-1].end for person in company().people)
    first = block_start(company().settings.start)
    assert any(person.places and person.places[0].start > first for person in company().people)
    placed = {place.unit for person in company().people for place in person.places}
    assert set(DIRECT) < placed
    assert any(not person.name.full.isascii() for person in company().people)


def test_the_product_owner_never_merges():
    owners = {person.id for person in company().people if "product owner" in person.traits}
    assert not any(one.author in owners for one in merged(company()))
    assert any(one.assignee in owners for one in finished(company()))


def test_one_does_nearly_all_of_a_team():
    authors = Counter(one.author for one in merged(company()) if one.team == "ledger")
    assert max(authors.values()) >= 0.75 * authors.total()


def test_a_quiet_team_and_a_quiet_season():
    by_team = Counter(one.team for one in merged(company()))
    assert by_team["network"] < 0.2 * by_team["telemetry"]
    weeks = Counter(one.at.date() - timedelta(days=one.at.weekday()) for one in merged(company()))
    assert weeks[date(2025, 12, 22)] < 0.3 * weeks[date(2025, 12, 8)]


def test_changes_are_as_odd_as_real_ones():
    everything = changes()
    reviews = [review for change in everything for review in change.reviews]
    assert any(change.author is None for change in everything)
    assert any(change.author is GHOST for change in everything)
    assert any(change.author and change.author.kind == "Bot" for change in everything)
    assert any(change.author and change.author.login.endswith("[bot]") for change in everything)
    assert any(change.is_draft for change in everything)
    assert any(len(change.turns) == 3 for change in everything)
    assert any(change.reverts for change in everything)
    assert any(change.merged and change.merged_by is change.author for change in everything)
    assert any(change.merged and not change.reviews for change in everything)
    assert any(change.closed and not change.merged for change in everything)
    assert any(change.base != "main" for change in everything)
    assert any(change.deletions > 40_000 for change in everything)
    assert any(len(change.commits) > 100 for change in everything)
    assert any(len(change.reviews) > 50 for change in everything)
    assert any(review.author is change.author for change in everything for review in change.reviews)
    assert any(change.merged and review.at > change.merged for change in everything for review in change.reviews)
    assert any(review.author is None for review in reviews)
    assert any(review.author and review.author.is_bot for review in reviews)
    assert {review.state for review in reviews} == {
        "APPROVED",
        "CHANGES_REQUESTED",
        "COMMENTED",
        "DISMISSED",
        "PENDING",
    }


def test_issues_are_as_odd_as_real_ones():
    everything = [issue for listed in company().issues.values() for issue in listed]
    assert {issue.kind for issue in everything} >= {"Epic", "Sub-task", "Story", "Bug"}
    assert {issue.resolution for issue in everything} >= {"Won't Do", "Duplicate", None}
    assert any(issue.is_done and not issue.moves for issue in everything)
    assert any(move.before == "Done" and move.after == "In Progress" for issue in everything for move in issue.moves)
    assert any(issue.is_done and issue.held_by(issue.finished) != issue.held_by() for issue in everything)


def test_runs_are_as_odd_as_real_ones():
    runs = [run for listed in company().runs.values() for run in listed]
    assert len({run.id for run in runs}) == len(runs)
    assert {run.event for run in runs} == {"pull_request", "push", "workflow_dispatch", "schedule"}
    assert {run.attempts[-1].conclusion for run in runs} >= {"success", "failure", "timed_out", "cancelled", "skipped"}
    assert {len(run.attempts) for run in runs} == {1, 2, 3}
    assert any(run.actor and run.actor.is_bot for run in runs)
    assert any(run.actor is None for run in runs)
    assert any(run.attempts[-1].by != run.actor for run in runs)
    assert any(run.event == "pull_request" and run.branch == "main" for run in runs)  # a fork's
    assert any(run.attempts[-1].started - run.created > timedelta(days=7) for run in runs)
    counted = list(ended(company()))
    assert 0.75 < sum(run.is_success for run in counted) / len(counted) < 0.9
    assert any(run.green and run.breaker not in (None, run.starter) for run in counted)


def test_repositories_are_as_odd_as_real_ones():
    assert not company().changes[EMPTY]
    hub = GitHub(company(), "")
    assert hub.described(EMPTY)["isEmpty"]
    assert hub.described(ARCHIVED)["isArchived"]
    orphan = next(change for change in changes() if change.fork_deleted)
    assert pull(orphan, hub.described(SHARED) | {"url": ""})["headRepository"] is None
    assert set(company().commits) == {ALONE, SHARED}


def test_two_of_one_person_s_accounts_are_one_person():
    person = next(person for person in company().people if "three accounts" in person.traits)
    own = {account.login for account in person.accounts}
    assert len(own) == 3
    assert any(
        change.author and change.author.login in own and review.author != change.author
        for change in changes()
        for review in change.reviews
        if review.author and review.author.login in own
    )


def test_late_changes_disturb_nothing_else():
    late = Company(replace(SHORT, late=True))
    found = [change for listed in late.changes.values() for change in listed if change.number >= LATE_NUMBERS]
    assert len(found) == len(SHORT.late_days or replace(SHORT, late=True).late_days)
    assert all(change.merged < SHORT.clock - timedelta(days=5) < change.updated for change in found)
    rest = {(one.repository, one.number): one for listed in late.changes.values() for one in listed if one not in found}
    assert rest == {(one.repository, one.number): one for one in changes(SHORT)}


def test_the_roster_can_be_repaired():
    def places(text):
        return {one["person"]: [place["team"] for place in one["teams"]] for one in yaml.safe_load(text)["people"]}

    before, after = places(company(SHORT).roster), places(Company(replace(SHORT, roster_fix=True)).roster)
    assert len(after) == len(before) + 1
    assert [(before[one], after[one]) for one in before if before[one] != after[one]] == [
        (["onboarding"], ["payments"])
    ]


def test_no_identifier_can_stand_somewhere_by_chance():
    identifiers = company().identifiers
    assert all(len(one) >= 6 for one in identifiers)
    assert not any(one.isdigit() and len(one) < 12 for one in identifiers)
    assert len(identifiers) == len(set(identifiers))
