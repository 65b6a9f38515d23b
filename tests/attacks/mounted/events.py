"""Percentiles and rates: what one event, one person or one side of them gives away: 28, 29, 30, 31, 45, 46."""

import random
from dataclasses import replace

from tests.attacks.catalogue import attack
from tests.attacks.companies import Company, Deployment, moment, steady, teams

DELIVERY, DORA = "team_delivery", "team_dora"
LADDER = {round(m * 10.0**e, 6) for e in range(-2, 5) for m in (1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8)}


def _company(**first):
    company = Company({"g1": teams(**first), "g2": teams(yy=12, zz=12)})
    company.work(steady())
    return company


def _spoil(company, team, how):
    """Change what a team merged in the judged blocks."""
    when, people = company.judged[0].period_start, set(company.groups["g1"][team])
    company.changes = [
        how(change) if change.author in people and change.merged_at.date() >= when else change
        for change in company.changes
    ]


def _values(release, column, periods):
    for row in release.table(DELIVERY):
        if row["period_start"] in periods and row[column] is not None:
            yield row


def _shown(release, company, column, table=DELIVERY):
    """What the judged blocks show of team aa."""
    values = (release.value(table, column, "aa", block.period_start) for block in company.judged)
    return [value for value in values if value is not None]


@attack(28, 29)
def an_exact_duration(publish):
    """Is a published duration one that a known change had, and no other?"""
    company = _company(aa=9, bb=9)
    release = publish(company)
    for row in _values(release, "cycle_time_hours_p50", {block.period_start for block in company.judged}):
        if round(row["cycle_time_hours_p50"], 6) not in LADDER:
            yield f"{row['unit_id']} shows {row['cycle_time_hours_p50']} hours"


@attack(28)
def a_percentile_of_few(publish):
    """Of nine people two have all the slow changes: is the median made by two people of a side?"""
    company = _company(aa=9, bb=9)
    _spoil(company, "aa", lambda change: replace(change, hours=900.0 if change.author in ("aa-0", "aa-1") else 5.0))
    for name in ("aa-0", "aa-1"):
        company.work(lambda rng, who, block: 17, [name], company.judged)
    _spoil(company, "aa", lambda change: replace(change, hours=900.0 if change.author in ("aa-0", "aa-1") else 5.0))
    for hours in _shown(publish(company), company, "cycle_time_hours_p50"):
        if hours > 100:
            yield "the median is that of two people"


@attack(30)
def a_rate_of_two(publish):
    """Two people alone skip review: does rate times count give what they did?"""
    company = _company(aa=9, bb=9)
    _spoil(company, "aa", lambda c: replace(c, reviewer=None if c.author in ("aa-0", "aa-1") else "aa-2"))
    _spoil(company, "aa", lambda c: replace(c, reviewer="aa-3" if c.author == "aa-2" else c.reviewer))
    for rate in _shown(publish(company), company, "unreviewed_rate_pct"):
        yield f"{rate} % are two people's"


@attack(31)
def everybody_did_it(publish):
    """All changes of a team went unreviewed: does the rate say so?"""
    company = _company(aa=9, bb=9)
    _spoil(company, "aa", lambda change: replace(change, reviewer=None))
    for rate in _shown(publish(company), company, "unreviewed_rate_pct"):
        yield f"the rate says {rate} %: nobody was reviewed"


@attack(45)
def one_reviewer_for_all(publish):
    """One person reviews for eight authors: does the cycle time show how fast that one reviews?"""
    company = _company(aa=9, bb=9)
    _spoil(company, "aa", lambda c: replace(c, reviewer="aa-0" if c.author != "aa-0" else None))
    for hours in _shown(publish(company), company, "cycle_time_hours_p50"):
        yield f"{hours} hours are one reviewer's"


def _deploy(company, team, **others):
    """Everybody of a team deploys something by hand, five times a judged block; `others` mend it, or answer."""
    rng = random.Random(7)
    company.deployments += [
        Deployment(person, moment(block, rng), hours=1 + 5 * rng.random(), **others)
        for block in company.judged
        for person in company.groups["g1"][team]
        for _ in range(5)
    ]


@attack(45)
def one_deployer_for_all(publish):
    """One of another team deploys what nine write: does their wait for production show when that one does?"""
    company = _company(aa=9, bb=9)
    _spoil(company, "aa", lambda c: replace(c, deployer="zz-0"))
    _deploy(company, "aa")
    release = publish(company)
    assert _shown(release, company, "deployments", DORA)
    for column in ("change_lead_time_hours_p50", "change_lead_time_hours_p75", "deploy_wait_hours_p50"):
        for hours in _shown(release, company, column, DORA):
            yield f"{hours} hours of {column} are one deployer's"


@attack(45)
def one_mender_for_all(publish):
    """One of another team mends whatever nine break: does their recovery time show how fast that one is?"""
    yield from _recoveries(publish, mender="zz-0")


@attack(45)
def one_on_call_for_all(publish):
    """One of another team answers whatever nine break: does their recovery time show how fast that one is?"""
    yield from _recoveries(publish, responder="zz-0")


def _recoveries(publish, **others):
    company = _company(aa=9, bb=9)
    _deploy(company, "aa", **others)
    release = publish(company)
    assert _shown(release, company, "deployments", DORA)
    for hours in _shown(release, company, "recovery_time_hours_p50", DORA):
        yield f"{hours} hours are one person's"


@attack(46)
def a_withheld_median_from_above(publish):
    """Two teams, one without a median: does the group's median, with the other's, give it away?"""
    company = _company(aa=12, bb=12)
    _spoil(company, "bb", lambda c: replace(c, reviewer="bb-0" if c.author != "bb-0" else None))
    release = publish(company)
    for block in company.judged:
        parts = [release.value(DELIVERY, "cycle_time_hours_p50", team, block.period_start) for team in ("aa", "bb")]
        whole = release.value(DELIVERY, "cycle_time_hours_p50", "g1", block.period_start)
        if whole is not None and None in parts:
            yield "the group has a median, one of its two teams has none"
