"""Behind every atom stand k contributors at least, in every quantity published on it."""

from expectations.rules.rule import Rule

RULE = Rule(
    name="threshold",
    violations=("select column_name from gate_safety cross join gate_policy where (contributors >= k) is not true",),
)
