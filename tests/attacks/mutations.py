"""Each protection, switched off alone: by a policy that no deployment may have, or by changing one compiled model.

`changes` maps a model to how its SQL is changed. A change that finds nothing to change fails: a mutation that mutates
nothing would prove nothing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from expectations.policy import Policy


@dataclass(frozen=True, slots=True)
class Mutation:
    """One protection off, and attacks of which one at least must then succeed."""

    name: str
    attacks: tuple[str, ...]
    policy: Policy = field(default_factory=Policy)
    changes: Mapping[str, Callable[[str], str]] = field(default_factory=dict)


def instead(old: str, new: str) -> Callable[[str], str]:
    """Replace a piece of SQL, whatever its spaces."""
    pattern = re.compile(r"\s+".join(re.escape(word) for word in old.split()))

    def changed(sql: str) -> str:
        found, count = pattern.subn(new, sql)
        assert count, f"nothing to switch off: {old}"
        return found

    return changed


def around(query: str) -> Callable[[str], str]:
    """A query over what the model gives, as `model`."""
    return lambda sql: f"with model as ({sql}) {query}"


def unsnapped(sql: str) -> str:
    """Hours as they are."""
    found, count = re.subn(r"case\s+when amount is null.*?\bend\b", "amount / 3600.0", sql, flags=re.DOTALL)
    assert count, "no ladder to switch off"
    return found


def ageless_unions(sql: str) -> str:
    """Single teams keep their age; what is merged has none."""
    alone, first, together = sql.partition("from leaf_quantities")
    assert first, "no level of leaves"
    return alone + first + instead("and (live >= 2 or live_old >= 1)", "")(together)


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
)
