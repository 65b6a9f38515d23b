"""Great Expectations over a small frame (rule, table, column, violations): every count is zero.

GX never sees a row of a table, a roster or an identifier, so nothing it keeps or prints can hold one. Results stay in
memory and only `success` is read. It is imported on first use (7 s), once a process. This version sends no analytics;
they are switched off all the same, for the versions that do.
"""

from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any

from expectations.verdict import Finding

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.core.batch_definition import BatchDefinition


@cache
def _definition() -> "BatchDefinition[Any]":
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_pandas("findings")
    return source.add_dataframe_asset("findings").add_batch_definition_whole_dataframe("findings")


def assess(findings: Sequence[Finding], rules: Sequence[str]) -> dict[str, bool]:
    """Rule by rule, whether Great Expectations finds no violation; a rule without a row has not passed."""
    import pandas as pd
    from great_expectations import ExpectationSuite
    from great_expectations.expectations.core.expect_column_values_to_be_between import (
        ExpectColumnValuesToBeBetween,
    )
    from great_expectations.expectations.row_conditions import Column

    definition = _definition()
    frame = pd.DataFrame(
        [{**asdict(finding), "rule": family(finding.rule)} for finding in findings],
        columns=["rule", "table", "column", "count"],
    ).rename(columns={"count": "violations"})
    suite = ExpectationSuite(name="no violations")
    for rule in rules:
        only = Column("rule") == rule
        suite.add_expectation(
            ExpectColumnValuesToBeBetween(column="violations", min_value=0, max_value=0, row_condition=only)
        )
    batch = definition.get_batch(batch_parameters={"dataframe": frame})
    results = batch.validate(suite, result_format="BOOLEAN_ONLY").results
    passed = {_rule_of(result): bool(result.success) for result in results}
    heard = set(frame["rule"])
    return {rule: rule in heard and passed.get(rule, False) for rule in rules}


def family(rule: str) -> str:
    """The check a finding belongs to: `detectors.email` belongs to `detectors`."""
    return rule.partition(".")[0]


def _rule_of(result: "ExpectationValidationResult") -> str:
    config = result.expectation_config
    condition = config.kwargs["row_condition"] if config else {"parameter": ""}
    return str(condition["parameter"] if isinstance(condition, dict) else condition.parameter)
