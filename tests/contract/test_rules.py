"""What a newcomer adds to the gate is complete: rules have pages, measures their words, detectors examples."""

import re
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import yaml

from expectations.detectors import DETECTORS
from expectations.drill.plants import PLANTS, PLANTS_IN_DERIVED
from expectations.gate import CHECKS
from expectations.lineage import RULE as LINEAGE
from expectations.measures import TABLES, Kind, Table, dictionary, table_named
from expectations.policy import WORDS, Policy
from expectations.rules import RULES

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "rules"
PARTS = ("## Example", "## Reason", "## Remedy")


def test_every_module_of_rules_is_in_the_tuple():
    modules = {path.stem for path in (ROOT / "expectations" / "rules").glob("*.py")} - {"__init__", "rule"}
    assert modules == {rule.name for rule in RULES}


def test_names_are_unique():
    for names in (CHECKS, [d.name for d in DETECTORS], [t.name for t in TABLES]):
        assert len(set(names)) == len(names)
    columns = [measure.column for table in TABLES for measure in table.measures]
    assert len(set(columns)) == len(columns)


def test_the_thresholds_that_dbt_knows_are_those_of_the_policy():
    project = yaml.safe_load((ROOT / "dbt_project" / "dbt_project.yml").read_text())
    thresholds = {name: value for name, value in asdict(Policy()).items() if name not in WORDS}
    assert project["vars"]["policy"] == thresholds


def test_a_rule_knows_its_page():
    assert all((ROOT / rule.page).is_file() for rule in RULES)


def test_a_table_that_cannot_be_judged_is_refused_on_import():
    delivery = TABLES[0]
    with pytest.raises(ValueError, match="needs a count or a sum"):
        Table("t", "m", delivery.of_kind(Kind.RATE))
    with pytest.raises(ValueError, match="need `count`"):
        Table("t", "m", delivery.measures)
    with pytest.raises(ValueError, match="names its source, or not"):
        Table("t", "", TABLES[-1].measures)
    count, (rate, *_) = delivery.measures[0], delivery.of_kind(Kind.RATE)
    with pytest.raises(ValueError, match="names every role"):
        Table("t", "m", (replace(count, roles=()),))
    with pytest.raises(ValueError, match="never published beside its numerator"):
        Table("t", "m", (count, replace(count, column="some", numerator=rate.evidence), rate), count=count.column)
    with pytest.raises(ValueError, match="names what it reads"):
        Table("t", "", TABLES[-1].measures, source="team_delivery")


def test_a_count_of_some_events_alone_says_of_which():
    """Else a rate could be published beside its numerator: rate times count would tell it."""
    bases = (ROOT / "dbt_project" / "macros" / "bases.sql").read_text()
    flags = {measure.evidence for table in TABLES for measure in table.of_kind(Kind.RATE)}
    for measure in (measure for table in TABLES for measure in table.measures if measure.additive):
        (line,) = set(re.findall(rf'"{measure.evidence}":\s*"([^"]*)"', bases))
        assert [flag for flag in flags if re.search(rf"\b{flag}\b", line)] == [measure.numerator] * bool(
            measure.numerator
        )


def test_a_table_that_is_not_registered_is_not_judged():
    with pytest.raises(KeyError, match="no such table"):
        table_named("team_people")


@pytest.mark.parametrize("name", CHECKS)
def test_every_rule_has_its_page(name):
    page = (PAGES / f"{name}.md").read_text()
    assert [part for part in PARTS if part not in page] == []


@pytest.mark.parametrize("name", CHECKS)
def test_every_rule_is_seen_to_refuse_something(name):
    planted = "".join(path.read_text() for path in (ROOT / "tests" / "unit").glob("test_gate_*.py"))
    assert f'("{name}"' in planted or f'("{name}.' in planted, (
        f"plant a violation of {name} in tests/unit/test_gate_*.py"
    )


@pytest.mark.parametrize("name", CHECKS)
def test_the_leak_drill_plants_what_every_rule_is_there_to_see(name):
    assert any(name in plant.caught_by for plant in (*PLANTS, *PLANTS_IN_DERIVED)), (
        f"plant a violation of {name} in expectations/drill/plants.py"
    )


def test_no_page_explains_a_rule_that_is_gone():
    assert {path.stem for path in PAGES.glob("*.md")} == {*CHECKS, LINEAGE}


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.name)
def test_every_detector_is_explained_and_has_examples(detector):
    assert f"`{detector.name}`" in (PAGES / "detectors.md").read_text()
    assert detector.because
    assert detector.matches
    assert detector.spares


def test_every_measure_has_its_words():
    assert all(text for row in dictionary() for text in row.values())


def test_the_words_tell_the_thresholds_of_the_policy_in_force() -> None:
    policy = Policy(k=7, dominance=0.4, change_clip=500, p75_events=30, percentile_side=4, rate_side=6, rate_step=10)
    told = {row["name"]: row for row in dictionary(policy=policy)}
    assert "7 people, none of them with over 40 %" in told["changes_merged"]["protection"]
    assert "below 30 events, below 7 people or 4 in the tail" in told["cycle_time_hours_p75"]["protection"]
    assert "from 10 (at most 10 %) to 90 (at least 90 %)" in told["bug_rate_pct"]["protection"]
    assert "fewer than 6 people" in told["bug_rate_pct"]["protection"]
    assert "withheld below 14 contributors" in told["review_load_spread"]["protection"]
    assert told["lines_added"]["formula"].endswith("clipped at 500 lines.")
    assert "from 30 deployments on" in told["change_lead_time_hours_p75"]["limits"]


def test_a_share_that_is_not_told_is_counted_in_a_column_of_its_own_table() -> None:
    told = {row["name"]: row["protection"] for row in dictionary()}
    for table in TABLES:
        for measure in table.of_kind(Kind.SHARE):
            (other,) = re.findall(r"`(\w+)`", told[measure.column])
            assert other in table.columns


def test_the_constants_of_a_year_are_told_with_the_measure() -> None:
    known = {
        "team_delivery": [
            ("changes_merged", "author", 2026, 12.5, 25),
            ("pickup_seconds", "reviewer", 2026, 2e6, 2500),
        ],
        "team_review": [("reviews_given", "reviewer", 2027, 6.3, 10)],
    }
    told = {row["name"]: row["protection"] for row in dictionary(known)}
    assert told["changes_merged"].endswith(" 2026: at most 12.5 changes a person (author), rounded to 25.")
    assert told["pickup_share_pct"].endswith(" 2026: at most 2 000 000 seconds a person (reviewer).")
    assert told["review_load_spread"].endswith(" 2027: at most 6.3 events a person (reviewer).")
    assert "at most 12.5" not in told["cycle_time_hours_p50"] + told["lines_added"]


def test_every_query_of_a_rule_reads_the_gates_own_relations():
    for rule in RULES:
        for query in rule.violations:
            assert "column_name" in query
            assert "int_atoms" not in query
            assert "protected." not in query
