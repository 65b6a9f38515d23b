"""Two colluding contributors cannot pin the largest: what is left beyond the top three is enough to hide it."""

from expectations.rules.rule import Rule

HOLDS = "total > 0 and others >= p_percent * largest"
RULE = Rule(
    name="p_percent",
    violations=(f"select column_name from gate_safety cross join gate_policy where ({HOLDS}) is not true",),
)
