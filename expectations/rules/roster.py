"""Behind every atom stand k + 1 recently active people at least: with exactly k, "published" says all worked."""

from expectations.rules.rule import Rule

HOLDS = "roster >= k + roster_margin"
RULE = Rule(
    name="roster",
    violations=(f"select column_name from gate_safety cross join gate_policy where ({HOLDS}) is not true",),
)
