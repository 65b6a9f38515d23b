"""Behind every atom stand k contributors at least, in every quantity published on it."""

from expectations.rules.rule import Rule

HOLDS = "contributors >= k"
RULE = Rule(
    name="threshold",
    violations=(f"select column_name from gate_safety cross join gate_policy where ({HOLDS}) is not true",),
)
