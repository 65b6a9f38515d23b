"""A small company for the gate's tests: its tree, people, work and ledger, and the vault that holds them.

Plain loops over plain dictionaries. Who works and how much hangs on seed, period and person alone.
"""

import datetime as dt
import math
import random

import duckdb
import pyarrow as pa

from orchestration.clock import block_of

FLAT = {"g1": {"aa": 9, "bb": 8, "cc": 3}, "g2": {"dd": 10, "ee": 9}, "g3": {"ff": 14, "gg": 12}, "gx": {"xx": 2}}
DEEP = {
    "d1": {"s1": {"aa": 9, "bb": 8, "cc": 3}, "s2": {"dd": 2, "ee": 3}, "d1:direct": 2},
    "d2": {"s3": {"ff": 14, "gg": 12}, "s4": {"t1": {"hh": 8, "ii": 4}, "jj": 7}},
    "gx": {"xx": 2},
}
BLOCKS = [dt.date(2025, 6, 16) + dt.timedelta(weeks=4 * i) for i in range(7)]
BLOCKS += [dt.date(2025, 12, 29), dt.date(2026, 1, 26)]
WEEKS = [start + dt.timedelta(weeks=week) for start in BLOCKS for week in range(4)]
STAGES = ("coding", "pickup", "review", "merge_wait", "unreviewed_wait", "unapproved_review")
SHOWS = {
    "pickup": ("reviewer",),
    "review": ("reviewer",),
    "merge_wait": ("merger",),
    "unreviewed_wait": ("merger",),
    "unapproved_review": ("reviewer", "merger"),
}
STATUSES = ("active", "waiting", "queued")  # the last is told among the others alone
HEAD = "period_start date, period_end date, unit_id varchar, unit_level varchar, status varchar, size_band varchar"
COLUMNS = {
    "team_delivery": {
        "changes_merged": "bigint",
        "cycle_time_hours_p50": "double",
        "cycle_time_hours_p75": "double",
        "cycle_time_hours_p90": "double",
        "change_size_lines_p50": "double",
        "change_size_lines_p90": "double",
        "pickup_hours_p50": "double",
        "review_hours_p50": "double",
        **{f"{name}_rate_pct": "smallint" for name in ("unreviewed", "self_merged", "another_round", "revert")},
        "large_change_rate_pct": "smallint",
        **{f"{stage}_share_pct": "smallint" for stage in (*STAGES, "other_stages")},
    },
    "team_code_volume": {"lines_added": "bigint", "lines_deleted": "bigint", "net_growth": "varchar"},
    "team_review": {
        "reviews_given": "bigint",
        "first_review_hours_p50": "double",
        "first_review_hours_p75": "double",
        "commented_review_rate_pct": "smallint",
        "review_load_spread": "varchar",
    },
    "team_tasks": {
        "tasks_completed": "bigint",
        "lead_time_hours_p50": "double",
        "lead_time_hours_p75": "double",
        "lead_time_hours_p90": "double",
        **{f"task_cycle_time_hours_p{percent}": "double" for percent in (50, 75, 90)},
        "bug_rate_pct": "smallint",
        **{f"{name}_rate_pct": "smallint" for name in ("reopened", "unplanned")},
        **{f"{name}_share_pct": "smallint" for name in ("active", "waiting", "other_statuses")},
    },
    "team_dora": {
        "deployments": "bigint",
        **{f"change_lead_time_hours_p{percent}": "double" for percent in (50, 75, 90)},
        "deploy_wait_hours_p50": "double",
        "recovery_time_hours_p50": "double",
        **{f"{name}_rate_pct": "smallint" for name in ("change_fail", "deployment_rework")},
        **{f"{name}_linked_rate_pct": "smallint" for name in ("change", "failure")},
    },
    "team_wip": {
        "open_items": "bigint",
        "open_age_hours_p50": "double",
        "open_age_hours_p75": "double",
        "open_task_rate_pct": "smallint",
        "idle_rate_pct": "smallint",
    },
    "team_ci": {
        "runs_completed": "bigint",
        **{f"run_duration_hours_p{percent}": "double" for percent in (50, 75, 90)},
        **{f"queue_minutes_p{percent}": "double" for percent in (50, 75, 90)},
        "time_to_green_hours_p50": "double",
        "success_rate_pct": "smallint",
        "rerun_rate_pct": "smallint",
    },
}
DERIVED = "bottleneck varchar, bottleneck_share_pct smallint, usual_share_pct smallint"
DDL = """
create schema vault.restated;
create schema vault.ops; create schema vault.intermediate; create schema vault.marts; create schema vault.protected;
create table vault.ops.clock(as_of timestamp);
create table vault.ops.calendar(period_start date, period_end date, iso_year int, block int);
create table vault.ops.sealed(table_name varchar, period_start date, digest varchar, release_id varchar);
create table vault.ops.releases(release_id varchar, released_on date, policy varchar);
create table vault.ops.roster_units(block_start date, unit_id varchar, parent_id varchar, unit_level varchar);
create table vault.ops.roster_members(block_start date, person_key varchar, unit_id varchar, valid_from date);
create table vault.intermediate.int_units(period_start date, unit_id varchar, parent_id varchar, unit_level varchar,
    unit_name varchar);
create table vault.intermediate.int_members(period_start date, team_id varchar, person_key varchar);
create table vault.intermediate.int_ledger(table_name varchar, quantity varchar, role varchar, period_start date,
    team_id varchar, person_key varchar, value bigint);
create table vault.intermediate.int_constants(table_name varchar, quantity varchar, role varchar, iso_year int,
    clip double, base bigint);
create table vault.marts.mart_delivery(period_start date, team_id varchar, change_key varchar, author_key varchar,
    reviewer_key varchar, cycle_seconds bigint, is_unreviewed boolean, pickup_seconds bigint, review_seconds bigint,
    is_large boolean, merger_key varchar, asker_key varchar, reverted_key varchar, changed_lines bigint,
    is_self_merged boolean, is_another_round boolean, is_revert boolean);
create table vault.marts.mart_code_volume(period_start date, team_id varchar, contribution_key varchar,
    author_key varchar, lines_added bigint, lines_deleted bigint);
create table vault.marts.mart_review(period_start date, team_id varchar, review_key varchar, reviewer_key varchar,
    author_key varchar, first_review_seconds bigint, is_commented boolean);
create table vault.marts.mart_tasks(period_start date, team_id varchar, task_key varchar, assignee_key varchar,
    lead_seconds bigint, cycle_seconds bigint, is_bug boolean, is_reopened boolean, is_unplanned boolean);
create table vault.marts.mart_dora(period_start date, team_id varchar, kind varchar, event_key varchar,
    author_key varchar, deployer_key varchar, lead_seconds bigint, is_linked boolean, is_failed boolean,
    is_rework boolean, is_told boolean, recovery_seconds bigint, wait_seconds bigint, mender_key varchar,
    responder_key varchar);
create table vault.marts.mart_wip(period_start date, team_id varchar, item_key varchar, holder_key varchar,
    age_seconds bigint, is_task boolean, is_idle boolean);
create table vault.marts.mart_ci(period_start date, team_id varchar, run_key varchar, starter_key varchar,
    rerunner_key varchar, breaker_key varchar, is_success boolean, is_rerun boolean, duration_seconds bigint,
    green_seconds bigint, queue_seconds bigint);
create table vault.protected.cells(table_name varchar, period_start date, unit_id varchar, team_id varchar);
"""


class Company:
    """People and their work, by block or by week; `parents`, `teams` and `groups` are its tree under `acme`."""

    def __init__(self, seed=1, tree=FLAT, weekly=False):
        self.seed, self.tree, self.weekly = seed, tree, weekly
        self.periods = WEEKS[:-4] if weekly else BLOCKS
        self.judged = WEEKS[-8:-4] if weekly else BLOCKS[7:]
        self.parents, self.teams = {"acme": None}, {}
        self._grow("acme", tree)
        self.groups = [unit for unit in self.parents if unit not in self.teams and unit != "acme"]
        self.members = {team: [f"{team}-p{i}" for i in range(n)] for team, n in self.teams.items()}
        self.delivery, self.code, self.reviews, self.tasks = [], [], [], []
        self.wip, self.dora, self.runs, self.ledger = [], [], [], {}
        for start in self.periods:
            for team, people in self.members.items():
                for person in people:
                    self._work(random.Random(f"{seed}{start}{person}"), start, team, person)

    def _grow(self, parent, children):
        for unit, below in children.items():
            self.parents[unit] = parent
            if isinstance(below, dict):
                self._grow(unit, below)
            else:
                self.teams[unit] = below

    def _work(self, rng, start, team, person):
        others = [p for p in self.members[team] if p != person] + ["dd-p0", "unrostered"]
        for i in range(rng.choice([2, 3, 4, 5, 6])):
            self._change(rng, (start, team, f"{start}{person}{i}", person), rng.choice(others))
        for i in range(_reviews(rng, team, person)):
            self.reviews.append((start, team, f"{start}{person}{i}", person, *self._seen(start, person, others, i)))
            self._add("team_review", "reviews_given", "reviewer", start, team, person)
        for i in range(rng.choice([1, 2, 3, 4])):
            lead, luck = int(math.exp(rng.gauss(12, 1))), random.Random(f"task{start}{person}{i}")
            cycle = None if luck.random() < 0.1 else int(lead * luck.random())
            marks = luck.random() < 0.4, luck.random() < 0.2, luck.random() < 0.3
            self.tasks.append((start, team, f"{start}{person}{i}", person, lead, cycle, *marks))
            self._add("team_tasks", "tasks_completed", "assignee", start, team, person)
            for status, seconds in _spent(luck, team, cycle).items():
                self._add("team_tasks", f"{status}_seconds", "assignee", start, team, person, seconds)
        luck = random.Random(f"open{start}{person}")
        for i in range(luck.choice([0, 1, 2, 3])):
            marks = luck.random() < 0.5, luck.random() < 0.3
            self.wip.append((start, team, f"{start}{person}{i}", person, int(math.exp(luck.gauss(12, 1))), *marks))
            self._add("team_wip", "open_items", "holder", start, team, person)
        self._deploy(random.Random(f"deploy{start}{person}"), (start, team), person)
        for i in range(random.Random(f"runs{start}{person}").choice([2, 3, 5, 8])):
            self._run(random.Random(f"run{start}{person}{i}"), (start, team, f"{start}{person}{i}", person), others)

    def _deploy(self, luck, key, person):
        for i in range(luck.choice([0, 2, 3, 4])):
            name, failed = f"{key[0]}{person}{i}", luck.random() < 0.4
            lead = int(math.exp(luck.gauss(12, 1))) if luck.random() > 0.1 else None
            wait = None if lead is None else int(lead * random.Random(name).random())
            by = random.Random(f"by{name}").choice([person, *self.members[key[1]], "unrostered", None])
            self.dora.append(
                (*key, "change", name, person, by, lead, luck.random() < 0.5, *[None] * 4, wait, None, None)
            )
            told = luck.random() < 0.5 if failed else None
            marks = failed, luck.random() < 0.3, told
            self.dora.append((*key, "deployment", name, None, person, None, None, *marks, *[None] * 4))
            self._add("team_dora", "deployments", "deployer", *key, person)
            if failed:
                after = int(math.exp(luck.gauss(9, 1)))
                anybody = [person, *self.members[key[1]], "unrostered", None]
                mender, responder = random.Random(f"mended{name}").choices(anybody, k=2)
                self.dora.append((*key, "recovery", name, None, person, *[None] * 5, after, None, mender, responder))

    def _run(self, luck, key, others):
        won, again, mends = luck.random() < 0.7, luck.random() < 0.3, luck.random() < 0.4
        rerunner = luck.choice([key[3], *others, None]) if again else None
        breaker = luck.choice([*others, None]) if mends else None
        taken = int(math.exp(luck.gauss(7, 1))) if won else None
        red = int(math.exp(luck.gauss(9, 1))) if mends else None
        waited = int(math.exp(luck.gauss(4, 1))) if luck.random() < 0.9 else None
        self.runs.append((*key, rerunner, breaker, won, again, taken, red, waited))
        self._add("team_ci", "runs_completed", "starter", *key[:2], key[3])

    def _change(self, rng, key, reviewer):
        start, team, _, author = key
        unreviewed, unapproved = rng.random() < 0.4, rng.random() < 0.2
        names = ["coding", "unreviewed_wait"] if unreviewed else ["coding", "pickup", "review", "merge_wait"]
        names = ["coding", "pickup", "unapproved_review"] if unapproved and not unreviewed else names
        stages = {name: int(math.exp(rng.gauss(9.5, 1))) for name in names}
        known = rng.random() > 0.1
        reviewer = None if unreviewed else reviewer
        waits = [stages.get(name) if known else None for name in ("pickup", "review")]
        luck = random.Random(f"change{key}")
        is_large, more = luck.random() < 0.3, self._life(luck, key, reviewer)
        taken = sum(stages.values()) if known else None
        self.delivery.append((*key, reviewer, taken, unreviewed, *waits, is_large, *more))
        self._add("team_delivery", "changes_merged", "author", start, team, author)
        for stage, seconds in stages.items() if known else ():
            self._add("team_delivery", f"{stage}_seconds", "author", start, team, author, seconds)
            for role in SHOWS.get(stage, ()):
                if who := {"reviewer": reviewer, "merger": more[0]}[role]:
                    self._add("team_delivery", f"{stage}_seconds", role, start, team, who, seconds)
        lines = rng.randint(1, 400), rng.randint(0, 200)
        self.code.append((*key, *lines))
        self._add("team_code_volume", "lines_added", "author", start, team, author, lines[0])
        self._add("team_code_volume", "lines_deleted", "author", start, team, author, lines[1])

    def _seen(self, start, person, others, i):
        """Whose change a review was of, how long after it was ready, and whether it says something of a line."""
        luck = random.Random(f"review{start}{person}{i}")
        waited = int(math.exp(luck.gauss(9, 1))) if luck.random() < 0.7 else None
        return luck.choice([*others, None]), waited, luck.choice([True, False, None])

    def _life(self, luck, key, reviewer):
        """Who merged it, asked for another round, had written what it takes back; its lines, and whether it did so."""
        mine, again, back = luck.random() < 0.4, luck.random() < 0.4, luck.random() < 0.3
        merger = key[3] if mine else luck.choice([*self.members[key[1]], "unrostered", None])
        asker = reviewer if again and luck.random() < 0.9 else None
        reverted = luck.choice([*self.members[key[1]], "unrostered", None]) if back else None
        return merger, asker, reverted, int(math.exp(luck.gauss(4, 2))), mine, again if reviewer else None, back

    def _add(self, *key):
        value = key[6] if len(key) > 6 else 1
        self.ledger[key[:6]] = self.ledger.get(key[:6], 0) + value

    def end(self, start):
        return start + dt.timedelta(days=6 if self.weekly else 27)

    def units(self):
        """(unit, parent, level), the organisation first."""
        levels = {"acme": "org"} | dict.fromkeys(self.groups, "group") | dict.fromkeys(self.teams, "team")
        return [(unit, parent, levels[unit]) for unit, parent in self.parents.items()]

    def leaves(self, unit):
        """The teams at or below a unit."""
        return [team for team in self.teams if unit in self.line(team)]

    def line(self, unit):
        """A unit and all above it."""
        return [unit, *self.line(self.parents[unit])] if unit else []

    def vault(self):
        """A connection with the company in a vault, and no candidates."""
        db = duckdb.connect()
        db.execute("attach ':memory:' as vault")
        db.execute(DDL)
        for table, columns in COLUMNS.items():
            listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            db.execute(f"create table vault.protected.{table}({HEAD}, {listed})")
        db.execute(f"create table vault.protected.team_bottlenecks({HEAD}, {DERIVED})")
        db.execute(
            "create table vault.restated.team_delivery as "
            "select ''::varchar as release_id, * from vault.protected.team_delivery limit 0"
        )
        put(db, "ops.clock", [("2026-03-10 00:00:00",)])
        put(db, "ops.calendar", [(s, self.end(s), *s.isocalendar()[:2]) for s in self.periods])
        for start in self.periods:
            put(db, "intermediate.int_units", [(start, *unit, unit[0].upper()) for unit in self.units()])
            put(db, "intermediate.int_members", [(start, t, p) for t, people in self.members.items() for p in people])
        for start in sorted({block_of(period).period_start for period in self.periods}):
            put(db, "ops.roster_units", [(start, *unit) for unit in self.units() if not unit[0].endswith(":direct")])
            placed = [(p, t.removesuffix(":direct")) for t, people in self.members.items() for p in people]
            put(db, "ops.roster_members", [(start, *one, dt.date(2020, 1, 6)) for one in placed])
        put(db, "intermediate.int_ledger", [(*key, value) for key, value in self.ledger.items()])
        put(db, "marts.mart_delivery", self.delivery)
        put(db, "marts.mart_code_volume", self.code)
        put(db, "marts.mart_review", self.reviews)
        put(db, "marts.mart_tasks", self.tasks)
        put(db, "marts.mart_wip", self.wip)
        put(db, "marts.mart_dora", self.dora)
        put(db, "marts.mart_ci", self.runs)
        return db


def _reviews(rng, team, person):
    """How many reviews somebody gives: two do most of them in `ff`, all the same in `gg`."""
    if team in ("ff", "gg"):
        return 1 if team == "ff" and person[-2:] not in ("p0", "p1") else 12
    return rng.choice([0, 6, 12, 12])


def _spent(luck, team, cycle):
    """A task's time by class of status: hardly any waits in `ff`, half the teams put much back into the queue."""
    active, waiting = luck.random(), luck.random() * (0 if team == "ff" and luck.random() < 0.9 else 0.6)
    queued = luck.random() if team < "dd" else 0.0
    whole = active + waiting + queued
    parts = zip(STATUSES, (active, waiting, queued), strict=True)
    return {name: int(cycle * part / whole) for name, part in parts} if cycle else {}


def put(db, name, rows):
    """Insert plain values, as one Arrow table."""
    if rows:
        db.register("rows_to_put", pa.table({f"c{i}": column for i, column in enumerate(zip(*rows, strict=True))}))
        db.execute(f"insert into vault.{name} select * from rows_to_put")
        db.unregister("rows_to_put")
