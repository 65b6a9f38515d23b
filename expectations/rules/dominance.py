"""Nobody's share of an atom is so large that the total tells it."""

from expectations.rules.rule import Rule

HOLDS = "total > 0 and largest <= dominance * total"
RULE = Rule(
    name="dominance",
    violations=(f"select column_name from gate_safety cross join gate_policy where ({HOLDS}) is not true",),
)
