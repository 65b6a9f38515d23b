"""No published column can be worked out from others unless that is registered, with the reason why it tells nothing."""

from expectations.rules.rule import Rule

RULE = Rule(name="identities", violations=("select column_name from gate_dependent",))
