"""Values that would rest on too few events, people or atoms: 28, 30, 31, 34, 45, 46, 48.

Beside what is published, an attacker here knows how many events and which people are behind a value.
"""

import random
from dataclasses import replace

from tests.attacks.catalogue import attack
from tests.attacks.companies import Company, steady, teams

DELIVERY = "team_delivery"
MEDIAN, UPPER, TAIL = (f"cycle_time_hours_p{quantile}" for quantile in (50, 75, 90))
LARGE, UNREVIEWED = "large_change_rate_pct", "unreviewed_rate_pct"
BIG = 500  # lines added: a large change


def _company(**first):
    company = Company({"g1": teams(**first), "g2": teams(yy=12, zz=12)})
    company.work(steady())
    return company


def _instead(company, team, of_each):
    """What each of a team merges in the judged blocks: so many changes of their own, `given` by person and number."""
    when, people = company.judged[0].period_start, company.groups["g1"][team]
    company.changes = [c for c in company.changes if c.author not in people or c.merged_at.date() < when]
    rng = random.Random(6)
    for block in company.judged:
        for person in people:
            for number, given in enumerate(of_each(int(person.rpartition("-")[2]))):
                hours = 1 + number + rng.random()
                company.change(person, block, rng, **{"hours": hours, "reviewer": None, "deletions": 10} | given)
    return company


def _shown(release, company, column, unit="aa"):
    """What the judged blocks show of a unit."""
    values = (release.value(DELIVERY, column, unit, block.period_start) for block in company.judged)
    return [value for value in values if value is not None]


def _beyond(company, release, column, least):
    """A quantile is at the rank of one change: are fewer than `least` at it or beyond?"""
    quantile = int(column[-2:])
    count = len([c for c in company.changes if c.author.startswith("aa-") and c.merged_at.date() > _before(company)])
    events = count // len(company.judged)
    beyond = events - -(-quantile * events // 100) + 1
    for hours in _shown(release, company, column):
        if beyond < least:
            yield f"{hours} hours are met by {beyond} of {events} changes"


def _before(company):
    return company.blocks[-company.later - 1].period_end


@attack(28)
def a_median_of_five_changes(publish):
    """Five people, a change each: is the median one of their three slowest?"""
    company = _instead(_company(aa=9, bb=9), "aa", lambda nr: [{"hours": 3.0 + nr}] if nr < 5 else [])
    yield from _beyond(company, publish(company), MEDIAN, 4)


@attack(28)
def a_p75_of_nine_changes(publish):
    """Nine people, a change each: is the p75 one of their three slowest?"""
    company = _instead(_company(aa=9, bb=9), "aa", lambda nr: [{"hours": 3.0 + nr}])
    yield from _beyond(company, publish(company), UPPER, 4)


@attack(28)
def a_p90_of_few_changes(publish):
    """Nine people, three changes each, one of them slow: is the p90 one of the three slowest?"""
    company = _instead(_company(aa=9, bb=9), "aa", lambda nr: [{}, {}, {"hours": 50.0 + 9 * nr}])
    yield from _beyond(company, publish(company), TAIL, 5)


@attack(28)
def a_median_of_one_who_does_most(publish):
    """One merges more than half of a team's changes, and counts for less: is the median theirs?"""

    def most(number):
        return [{"hours": 50.0}] * 40 if number == 0 else [{"hours": 5.0}, {"hours": 30.0}, {"hours": 90.0}]

    company = _instead(_company(aa=9, bb=9), "aa", most)
    for hours in _shown(publish(company), company, MEDIAN):
        yield f"{hours} hours are the median of one who merged 40 of 64 changes"


@attack(30)
def a_rate_of_nine_changes(publish):
    """Nine people, a change each: does the rate tell how many of the nine changes were large?"""
    company = _instead(_company(aa=9, bb=9), "aa", lambda nr: [{"additions": BIG if nr < 4 else 30}])
    for rate in _shown(publish(company), company, LARGE):
        yield f"{rate} % of nine changes: {round(rate * 9 / 100)}"


@attack(30)
def a_rate_that_counts(publish):
    """Ten of sixty-three changes are large: is there a rate that no other number of sixty-three gives?"""
    company = _instead(
        _company(aa=9, bb=9), "aa", lambda nr: [{"additions": BIG if nr < 5 and n < 2 else 30} for n in range(7)]
    )
    for rate in _shown(publish(company), company, LARGE):
        fitting = [n for n in range(64) if abs(100 * n / 63 - rate) <= 0.5]
        if rate % 5 and len(fitting) == 1:
            yield f"{rate} % of 63 changes is {fitting[0]} of them"


@attack(31)
def hardly_anybody_did_it(publish):
    """Five of 360 changes are large: does the rate say that hardly any was?"""

    def forty(number):
        return [{"additions": BIG if number < 5 and n == 0 else 30} for n in range(40)]

    company = _instead(_company(aa=9, bb=9), "aa", forty)
    for rate in _shown(publish(company), company, LARGE):
        if rate in (0, 100):
            yield f"the rate says {rate} %"


@attack(45)
def one_reviewer_of_a_rate(publish):
    """Eight authors have one reviewer between them: is the rate how much that one reviews?"""

    def half(number):
        return [{"reviewer": "aa-8" if n % 2 and number < 8 else None} for n in range(5)]

    company = _instead(_company(aa=9, bb=9), "aa", half)
    for rate in _shown(publish(company), company, UNREVIEWED):
        yield f"all but {rate} % were reviewed by one person"


@attack(46)
def a_withheld_rate_from_above(publish):
    """Two teams, one without a rate: does the group's rate, with the other's, give it away?"""
    company = _instead(_company(aa=12, bb=12), "aa", lambda nr: [{"additions": BIG if n < 2 else 30} for n in range(5)])
    _instead(company, "bb", lambda nr: [{"additions": BIG if nr < 2 else 30} for n in range(5)])
    yield from _from_above(publish(company), company, LARGE)


@attack(46)
def a_withheld_share_from_above(publish):
    """Two teams, one without shares: do the group's, with the other's, give them away?"""
    company = _instead(_company(aa=12, bb=12), "bb", lambda nr: [{"hours": 40.0}])
    yield from _from_above(publish(company), company, "coding_share_pct")


def _from_above(release, company, column):
    for block in company.judged:
        parts = [release.value(DELIVERY, column, team, block.period_start) for team in ("aa", "bb")]
        if release.value(DELIVERY, column, "g1", block.period_start) is not None and None in parts:
            yield f"the group has a {column}, one of its two teams has none"


@attack(34)
def one_missing_share(publish):
    """One person alone waits unreviewed: is that what is left when the other stages are taken from a hundred?"""

    def reviewed(number):
        return [{"reviewer": None if number == 0 else f"aa-{(number + n) % 8 + 1}"} for n in range(4)]

    company = _instead(_company(aa=9, bb=9), "aa", reviewed)
    release = publish(company)
    for share in _shown(release, company, "other_stages_share_pct"):
        shown = [_shown(release, company, f"{stage}_share_pct") for stage in ("coding", "pickup", "merge_wait")]
        if share and all(shown):
            yield f"{share} % are what one person's changes waited"


@attack(48)
def a_spread_of_few(publish):
    """Nine people review: does a word tell how unlike the nine are?"""
    company = _company(aa=9, bb=9)
    for block in company.judged:
        word = publish(company).value("team_review", "review_load_spread", "aa", block.period_start)
        if word is not None:
            yield f"nine people's reviews are {word}"


@attack(48)
def the_size_of_a_roster(publish):
    """Somebody who does nothing joins a team of eight: does anything published change?"""
    rows = []
    for more in (0, 1):
        company = _company(aa=8, bb=9)
        company.groups["g1"]["aa"] += [f"aa-idle-{n}" for n in range(more)]
        rows.append([row for row in publish(company).table("team_tasks") if row["unit_id"] == "aa"])
    if rows[0] != rows[1]:
        yield "the row tells that somebody joined"


@attack(25)
def an_import_by_many(publish):
    """Each of a team imports a hundred thousand lines in one change: does one change count for more than a thousand?"""
    moved = []
    for lines in (40, 100_000):
        company = Company({"g1": teams(aa=9, bb=9), "g2": teams(yy=12, zz=12)})
        company.work(steady())
        company.changes = [replace(change, additions=900) for change in company.changes]  # what one counts for is much
        _instead(company, "aa", lambda nr, size=lines: [{"additions": size}])
        release = publish(company)
        moved.append(release.value("team_code_volume", "lines_added", "aa", company.judged[0].period_start) or 0)
        (base,) = {row["base"] for row in release.rows(BASES)}
    if moved[1] - moved[0] > 9 * 1000 + base:
        yield f"nine changes move the number by {moved[1] - moved[0]}"


BASES = """
select base from vault.intermediate.int_constants
where table_name = 'team_code_volume' and quantity = 'lines_added' and iso_year = 2025
"""
