"""A policy below one of its floors publishes nothing."""

from expectations.rules.rule import Rule

RULE = Rule(name="floors", violations=("select column_name from gate_broken",))
