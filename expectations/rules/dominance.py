"""Nobody's share of an atom is so large that the total tells it."""

from expectations.rules.rule import Rule

RULE = Rule(
    name="dominance",
    violations=(
        "select column_name from gate_safety cross join gate_policy "
        "where (total > 0 and largest <= dominance * total) is not true",
    ),
)
