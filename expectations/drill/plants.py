"""What the drill plants: one mistake or leak each, as statements on a copy of the vault, and the rule that has to see
it.

`{relation}` is the candidate, `{table}` its name, `{period}` a period, `{atom}` a published team of it, `{column}` a
count or sum, `{quantity}` what it rests on and `{role}` whose it is, `{base}` its rounding base, `{other}` says where
the ledger has another published quantity, `{source}` is the table that a derived one rests on. The names planted belong
to nobody.
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LOGIN, ADDRESS, NAME = "drillcanary47", "drill.canary@quorum.invalid", "Drilla Canaria"
CANARIES = (LOGIN, ADDRESS, NAME)
HERE = "period_start = '{period}'"
MINE = f"table_name = '{{table}}' and {HERE} and team_id = '{{atom}}' and quantity = '{{quantity}}'"
SOURCE = f"table_name = '{{source}}' and {HERE}"
LEDGER = "vault.intermediate.int_ledger"
MEMBERS = "vault.intermediate.int_members"
PLACE = f"select person_key, row_number() over (order by value desc, person_key) as place from {LEDGER} where {MINE}"


@dataclass(frozen=True, slots=True)
class Plant:
    """One leak: what is done, to the copy or to the thresholds, and the rules of which one at least has to count it."""

    name: str
    caught_by: tuple[str, ...]
    statements: tuple[str, ...]
    thresholds: Mapping[str, Any] = field(default_factory=dict)

    def needs(self, place: str) -> bool:
        """Whether its statements speak of this."""
        return any(f"{{{place}}}" in statement for statement in self.statements)


def _named(text: str, how: str) -> Plant:
    """Something about a person as the name of a team."""
    statement = f"update vault.intermediate.int_units set unit_name = '{text}' where {HERE} and unit_id = '{{atom}}'"
    return Plant(f"{how} as the name of a team", ("detectors",), (statement,))


def _share(how: str, rule: str, *values: str) -> Plant:
    """Five contributors: the first `len(values) - 1` by size have given amounts, the others the last one.

    All that was ever done is a thousand times as much, so that the clip of the quantity does not even them out.
    """
    cases = " ".join(f"when place = {place} then {value}" for place, value in enumerate(values[:-1], start=1))
    return Plant(
        how,
        (rule,),
        (
            f"update {LEDGER} set value = value * 1000 where table_name = '{{table}}' and quantity = '{{quantity}}'",
            f"delete from {LEDGER} where {MINE} and person_key in (select person_key from ({PLACE}) where place > 5)",
            f"update {LEDGER} as l set value = case {cases} else {values[-1]} end from ({PLACE}) as p "
            f"where l.{MINE.replace(' and ', ' and l.')} and l.person_key = p.person_key",
        ),
    )


def _cell(how: str, rule: str, change: str, where: str = "unit_id = '{atom}'") -> Plant:
    return Plant(how, (rule,), (f"update {{relation}} set {change} where {HERE} and {where}",))


IDENTIFIERS = (
    _named(ADDRESS, "an address"),
    _named(LOGIN, "a login"),
    _named(NAME, "a person's name"),
    _named("".join(reversed(LOGIN)), "a login, reversed,"),
    _named(b64encode(ADDRESS.encode()).decode(), "an address in base64"),
    _named(LOGIN.encode().hex(), "a login in hex"),
    _named(hashlib.sha256(LOGIN.encode()).hexdigest(), "a login's SHA-256"),
    _named(hashlib.md5(ADDRESS.encode(), usedforsecurity=False).hexdigest()[:12], "a piece of an address's MD5"),
    Plant(
        "a pseudonym of the vault as the name of a team",
        ("detectors",),
        (
            f"update vault.intermediate.int_units set unit_name = (select min(person_key) from {MEMBERS}) "
            f"where {HERE} and unit_id = '{{atom}}'",
        ),
    ),
)
SAFETY = (
    Plant(
        "three contributors",
        ("threshold",),
        (f"delete from {LEDGER} where {MINE} and person_key in (select person_key from ({PLACE}) where place > 3)",),
    ),
    _share("one who has nearly all", "dominance", "1000000", "1"),
    _share("three who have nearly all", "p_percent", "1000000", "1000000", "1000000", "1"),
    Plant(
        "a roster of five",
        ("roster",),
        (
            f"delete from {MEMBERS} where {HERE} and team_id = '{{atom}}' "
            f"and person_key not in (select person_key from ({PLACE}) where place <= 5)",
        ),
    ),
    Plant(
        "a team in two atoms",
        ("union_of_atoms",),
        ("insert into vault.protected.cells values ('{table}', '{period}', 'rest:org', '{atom}')",),
    ),
    Plant(
        "a team made yesterday",
        ("union_of_atoms",),
        ("delete from vault.intermediate.int_units where period_start < '{period}' and unit_id = '{atom}'",),
    ),
    Plant(
        "work that is told twice", ("ledger",), (f"insert into {LEDGER} select * from {LEDGER} where {MINE} limit 1",)
    ),
    Plant(
        "a quantity that another one tells",
        ("identities",),
        (
            f"delete from {LEDGER} where table_name = '{{table}}' and quantity = '{{quantity}}'",
            f"insert into {LEDGER} by name select * replace ('{{table}}' as table_name, '{{quantity}}' as quantity, "
            f"'{{role}}' as role, value * 3 as value) from {LEDGER} where {{other}}",
        ),
    ),
)
VALUES = (
    _cell("an unrounded count", "recomputation", "{column} = {column} + 1"),
    _cell("another rounded count", "recomputation", "{column} = {column} + {base}"),
    _cell("a number in a withheld row", "recomputation", "{column} = {base}", "status = 'withheld'"),
    _cell("a published row made withheld", "recomputation", "status = 'withheld'"),
    _cell("a reason for withholding", "shape", "status = 'withheld: one dominates'", "status = 'withheld'"),
    _cell("the size of a roster", "shape", "size_band = '7'"),
)
DERIVED = (
    _cell(
        "a stage that holds nobody up",
        "derived",
        "bottleneck = case when bottleneck = 'coding' then 'review' else 'coding' end",
    ),
    _cell("other evidence", "derived", "usual_share_pct = coalesce(usual_share_pct, 0) + 5"),
    _cell("a stage in a withheld row", "derived", "bottleneck = 'none'", "status = 'withheld'"),
    _cell("a withheld row that says published", "derived", "status = 'published'", "status = 'withheld'"),
    _cell("a word of its own", "shape", "bottleneck = 'slow'"),
    _cell("the size of a roster", "shape", "size_band = '7'"),
    Plant(
        "what rests on nothing that is shown",
        ("derived",),
        (f"delete from vault.protected.{{source}} where {HERE}", "delete from vault.ops.sealed where " + SOURCE),
    ),
    Plant(
        "what rests on other rows than those released",
        ("derived",),
        (f"update vault.ops.sealed set digest = 'another' where {SOURCE}",),
    ),
)
SHAPES = (
    Plant("a policy below its floors", ("floors",), (), {"k": 2}),
    Plant(
        "a team that hangs below nothing",
        ("hierarchy",),
        (f"update vault.intermediate.int_units set parent_id = 'nowhere' where {HERE} and unit_id = '{{atom}}'",),
    ),
    Plant(
        "people whom the roster places elsewhere",
        ("placement",),
        (f"update {MEMBERS} set team_id = '{{atom}}' where {HERE}",),
    ),
    Plant(
        "a team that the roster does not have",
        ("placement",),
        (
            "insert into vault.intermediate.int_units by name select * replace ('drilled' as unit_id) "
            f"from vault.intermediate.int_units where {HERE} and unit_id = '{{atom}}'",
        ),
    ),
    Plant("a column that nobody registered", ("shape",), ("alter table {relation} add column contributors bigint",)),
    Plant(
        "an identifier as a column's name",
        ("shape", "detectors"),
        (f'alter table {{relation}} add column "{LOGIN}" bigint',),
    ),
    Plant(
        "a withheld row left out", ("full_grid",), (f"delete from {{relation}} where {HERE} and status = 'withheld'",)
    ),
    Plant("a row twice", ("shape",), (f"insert into {{relation}} select * from {{relation}} where {HERE}",)),
    Plant(
        "a period that was released",
        ("sealed_periods",),
        ("insert into vault.ops.sealed values ('{table}', '{period}', 'digest', 'release')",),
    ),
    Plant("a period that has not settled", ("sealed_periods",), ("update vault.ops.clock set as_of = '{period}'",)),
)
PLANTS = (*IDENTIFIERS, *SAFETY, *VALUES, *SHAPES)
PLANTS_IN_DERIVED = (*IDENTIFIERS, *DERIVED, *SHAPES)
