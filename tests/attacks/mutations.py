"""Each protection, switched off alone: by a policy that no deployment may have, or by changing one compiled model.

`changes` maps a model to how its SQL is changed (switches).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from expectations.policy import Policy
from tests.attacks.switches import (
    Change,
    ageless_unions,
    all_of,
    around,
    every,
    instead,
    unsnapped,
    whatever_is_below,
)


@dataclass(frozen=True, slots=True)
class Mutation:
    """One protection off, and attacks of which one at least must then succeed."""

    name: str
    attacks: tuple[str, ...]
    policy: Policy = field(default_factory=Policy)
    changes: Mapping[str, Change] = field(default_factory=dict)
    keeps: bool = True  # what earlier nights froze


SHOWN_BELOW = """
or sum(allowed.shows50) over ( partition by standing.period_start, standing.unit_id ) >= 2
then allowed.shows50 else 0 end as enters50
"""
BY_ROSTER = 'select period_start, team_id, count(*) as roster_size from "vault"."intermediate"."int_members"'
BY_WORK = """
select period_start, team_id, sum(value) as roster_size from "vault"."intermediate"."int_ledger"
where table_name = 'team_tasks'
"""
EVERY_ACCOUNT = """
select * from model
union all
select model.* replace (accounts.account_key as person_key)
from model join vault.raw.roster_accounts as accounts on accounts.person_key = model.person_key
where accounts.account_key <> accounts.person_key
"""
FROM_EVERYBODY = """
select m.* replace (case when m.unit_level in ('org', 'group') and m.status = 'published' then (
    select cast(round(sum(least(l.value, c.clip)) / c.base) * c.base as bigint)
    from vault.intermediate.int_ledger as l
    join vault.intermediate.int_units as u on u.period_start = l.period_start and u.unit_id = l.team_id
    join vault.ops.calendar as p on p.period_start = l.period_start
    join vault.intermediate.int_constants as c
        on c.table_name = l.table_name and c.quantity = l.quantity and c.iso_year = p.iso_year
    where l.table_name = 'team_tasks' and l.period_start = m.period_start
        and (m.unit_level = 'org' or u.parent_id = m.unit_id)
    group by c.base) else m.tasks_completed end as tasks_completed)
from model as m
"""
EXACT_RATE = r"case\s+when \(\s+divide\(\(100 \* fulfilled\).*?end as value"
ENDS = (
    r"case\s+when (\(\s+divide\(\(100 \* fulfilled\)(?:(?!< 5).)*?) < 5\s+then 5\s+"
    r"when .*?then 95\s+else .*?\* 5\s+end as value"
)
ANY_ROLE = "when role <> 'author_key' or n >= 4 and ("
HIDDEN = (
    r"(from other_stages_share_pct_others\s+group by period_start, atom_id, cut)"
    r"\s+having.*?= 1\s+and max\(.*?\) = 1"
)
TO_A_PERSON = r"case\s+when coalesce\(sum\(headcounts\.people\), 0\) >= 50.*?end\s+as size_band"
HEADS = "cast(coalesce(sum(headcounts.people), 0) as varchar) as size_band"
WHY = """
select m.* replace (case when status = 'published' then status when (
    select max(l.value) * 2 > sum(l.value) from vault.intermediate.int_ledger as l
    where l.table_name = 'team_tasks' and l.quantity = 'tasks_completed'
        and l.period_start = m.period_start and l.team_id = m.unit_id
) then 'one dominates' else 'too few' end as status)
from model as m
"""
MUTATIONS = (
    Mutation("threshold", ("a_small_cell",), Policy(k=1)),
    Mutation("threshold, zero", ("a_zero_cell",), Policy(k=0)),
    Mutation("roster", ("everybody_worked",), Policy(roster_margin=0)),
    Mutation(
        "roster by recent work, not by names",
        ("everybody_worked",),
        changes={"int_atoms": instead("coalesce(recents.r, 0) as r,", "coalesce(sizes.roster_size, 0) as r,")},
    ),
    Mutation(
        "one person, whatever their accounts",
        ("five_addresses_of_one",),
        changes={
            "int_accounts": around("select * replace (account_key as person_key) from model"),
            "int_members": around(EVERY_ACCOUNT),
        },
    ),
    Mutation("dominance", ("one_who_dominates",), Policy(dominance=1.0)),
    Mutation("p% rule", ("two_who_collude",), Policy(p_percent=0.0)),
    Mutation("age", ("a_team_made_to_isolate",), Policy(age_blocks=1)),
    Mutation(
        "rounding",
        ("all_but_one", "rounding_reversed"),
        changes={"int_constants": around("select * replace (cast(1 as bigint) as base) from model")},
    ),
    Mutation(
        "clips",
        ("a_bulk_import",),
        changes={"int_constants": around("select * replace (cast(1e12 as double) as clip) from model")},
    ),
    Mutation(
        "safe in every quantity",
        ("another_quantity",),
        changes={"int_quantities": around("select * from model where quantity <> 'lines_deleted'")},
    ),
    Mutation(
        "parents from atoms alone",
        ("parent_minus_children", "organisation_minus_groups"),
        changes={"team_tasks": around(FROM_EVERYBODY)},
    ),
    Mutation(
        "home team of the block's first day",
        ("newcomers_in_mid_block", "a_move_in_mid_block"),
        changes={
            "int_members": instead(
                "members.valid_from <= fresh.block_start",
                "members.valid_from <= fresh.block_start + interval 20 day",
            )
        },
    ),
    Mutation(
        "full grid",
        ("a_row_that_appears",),
        changes={"team_tasks": around("select * from model where tasks_completed > 0")},
    ),
    Mutation("events behind a percentile", ("a_percentile_of_few",), Policy(percentile_side=0)),
    Mutation(
        "people on each side of a rate",
        ("a_rate_of_two",),
        changes={"team_delivery": instead("and roles.is_carried = 1", "")},
    ),
    Mutation(
        "two sides of a rate",
        ("everybody_did_it",),
        changes={"team_delivery": instead("and roles.first_sides = 2", "")},
    ),
    Mutation(
        "every role of a percentile",
        ("one_reviewer_for_all", "one_deployer_for_all", "one_mender_for_all", "one_on_call_for_all"),
        changes=dict.fromkeys(
            ("team_delivery", "team_dora"), instead("then min(roles.carries50)", "then max(roles.carries50)")
        ),
    ),
    Mutation(
        "percentiles above from those shown alone",
        ("a_withheld_median_from_above",),
        changes={"team_delivery": instead(SHOWN_BELOW, "then allowed.shows50 else 1 end as enters50")},
    ),
    Mutation("the ladder", ("an_exact_duration",), changes={"team_delivery": unsnapped}),
    Mutation("age of a union", ("a_new_team_beside_an_idle_one",), changes={"int_atoms": ageless_unions}),
    Mutation(
        "order of merging by public facts",
        ("the_order_of_merging",),
        changes={"int_atoms": instead(BY_ROSTER, BY_WORK)},
    ),
    Mutation(
        "events behind a median",
        ("a_median_of_five_changes",),
        changes={"team_delivery": instead("totals.event_count >= 10 then", "totals.event_count >= 0 then")},
    ),
    Mutation(
        "events behind a p75",
        ("a_p75_of_nine_changes",),
        changes={"team_delivery": instead("totals.event_count >= 20 then", "totals.event_count >= 0 then")},
    ),
    Mutation(
        "events behind a p90",
        ("a_p90_of_few_changes",),
        changes={"team_delivery": instead("totals.event_count >= 50 then", "totals.event_count >= 0 then")},
    ),
    Mutation(
        "events behind a rate",
        ("a_rate_of_nine_changes",),
        changes={
            "team_delivery": instead(
                "totals.event_count >= 20 and roles.is_carried", "totals.event_count >= 0 and roles.is_carried"
            )
        },
    ),
    Mutation(
        "nobody above half of the events",
        ("a_median_of_one_who_does_most",),
        changes={"team_delivery": instead("and max(people.event_count) * 2 <= sum(people.event_count)", "")},
    ),
    Mutation(
        "steps of a rate",
        ("a_rate_that_counts",),
        changes={"team_delivery": every(EXACT_RATE, "round(100.0 * fulfilled / event_count) as value")},
    ),
    Mutation(
        "ends of a rate",
        ("hardly_anybody_did_it",),
        changes={"team_delivery": every(ENDS, r"\1 as value")},
    ),
    Mutation(
        "every role of a rate",
        ("one_reviewer_of_a_rate",),
        changes={"team_delivery": instead("when n >= 4 and (", ANY_ROLE)},
    ),
    Mutation(
        "rates above from those shown alone",
        ("a_withheld_rate_from_above",),
        changes={"team_delivery": whatever_is_below("large_change_rate_pct")},
    ),
    Mutation(
        "shares above from those shown alone",
        ("a_withheld_share_from_above",),
        changes={
            "team_delivery": all_of(
                whatever_is_below("other_stages_share_pct"),
                instead("when sum(pooled.is_shown) = atoms.atom_count", "when max(pooled.is_shown) = 1"),
            )
        },
    ),
    Mutation(
        "all shares or none",
        ("one_missing_share",),
        changes={"team_delivery": every(HIDDEN, r"\1")},
    ),
    Mutation(
        "people behind a spread",
        ("a_spread_of_few",),
        changes={
            "team_review": all_of(
                instead("rosters.r >= 11", "rosters.r >= 0"), instead("count(*) >= 10", "count(*) >= 0")
            )
        },
    ),
    Mutation("bands of rosters", ("the_size_of_a_roster",), changes={"team_tasks": every(TO_A_PERSON, HEADS)}),
    Mutation("one word for all reasons", ("the_reason_for_withholding",), changes={"team_tasks": around(WHY)}),
    Mutation(
        "a thousand lines a change",
        ("an_import_by_many",),
        changes={"int_contributions": instead("> 1000 then 1000", "> 1000000000 then 1000000000")},
    ),
    Mutation(
        "days until a period settles",
        ("work_that_comes_late",),
        changes={"int_periods": instead("interval 7 day", "interval 0 day")},
    ),
    Mutation(
        "what is released stays",
        ("a_released_period_again",),
        changes={"int_periods": instead("where sealed.table_name is null", "where true")},
    ),
    Mutation(
        "roster and accounts frozen by block",
        ("the_roster_of_a_block_that_has_begun", "the_accounts_of_a_block_that_has_begun"),
        keeps=False,
    ),
)
