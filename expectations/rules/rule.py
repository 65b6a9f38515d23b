"""What a rule is: a name, a page that explains it, and the relation of its violations."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """Each query of `violations` yields one row a violation, in one column `column_name`: the column it stands in.

    Queries read the `gate_…` relations of scope, audit and values; thresholds come from `gate_policy`. Column names
    come from the registry or are written in the rule, never from the candidate.
    """

    name: str
    violations: tuple[str, ...]

    @property
    def page(self) -> str:
        """Where the rule is explained: example, reason, remedy."""
        return f"docs/rules/{self.name}.md"
