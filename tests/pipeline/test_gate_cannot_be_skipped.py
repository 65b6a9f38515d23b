"""There is no way around the gate: whatever is done to the vault after it, only what it passed is published."""

import pytest

from expectations.measures import TABLES
from expectations.policy import Policy
from tests.pipeline.built import Home, company
from tests.pipeline.story import CLOSES, CLOSING, FIRST, Story

NEW = "period_start not in (select period_start from vault.ops.sealed where table_name = '{}')"


@pytest.fixture(scope="module")
def judged(story: Story, tmp_path_factory) -> Home:
    """A home whose night was killed between gate and publisher: candidates and verdicts, and nothing published yet."""
    home = story.first.copy(tmp_path_factory.mktemp("judged") / "home")
    with company(story.middle, until=FIRST):
        assert home.night(CLOSING, "killed_before_publishing").status == -9
    return home


@pytest.fixture
def home(judged: Home, tmp_path) -> Home:
    return judged.copy(tmp_path / "home")


def published(home: Home) -> tuple[set[str], set[str]]:
    """What the publisher does with this vault: the tables of a release, and those refused."""
    from orchestration.publish import publish
    from orchestration.releasing import publication
    from orchestration.transform import tables_of

    with home.opened() as (found, vault):
        outcome = publish(vault.connection, publication(found, vault, tables_of(found)))
    periods = outcome.release.periods if outcome.release else ()
    return {one.table_name for one in periods}, {one.table_name for one in outcome.refusals}


ALL = {table.name for table in TABLES}
DELIVERY = {"team_delivery", "team_bottlenecks"}  # what rests on a table stays back with it


def test_with_its_verdicts_everything_is_published(story: Story, home: Home):
    with company(story.middle, until=FIRST):
        assert published(home) == (ALL, set())


@pytest.mark.attack(43)
def test_without_a_verdict_nothing_is(story: Story, home: Home):
    with home.vault() as connection:
        connection.execute("delete from vault.ops.verdicts")
    refused(story, home, ALL)


@pytest.mark.attack(43)
def test_a_table_edited_after_the_gate_stays_back_and_only_that_one(story: Story, home: Home):
    with home.vault() as connection:
        connection.execute(
            "update vault.protected.team_delivery set changes_merged = changes_merged + 10 "
            f"where unit_level = 'org' and {NEW.format('team_delivery')}"
        )
    before = home.files()
    with company(story.middle, until=FIRST):
        assert published(home) == (ALL - DELIVERY, DELIVERY)
    assert home.files()["parquet/team_delivery.parquet"] == before["parquet/team_delivery.parquet"]


@pytest.mark.attack(43)
@pytest.mark.parametrize(
    "spoil",
    [
        "insert into vault.protected.cells select 'team_delivery', period_start, unit_id, unit_id from "
        "vault.protected.team_delivery where unit_level = 'team' and status = 'withheld' and {new}",
        "delete from vault.protected.cells where table_name = 'team_delivery' and {new}",
        "update vault.intermediate.int_ledger set value = value + 1 where table_name = 'team_delivery' and {new}",
        "update vault.ops.verdicts set passed = false where table_name = 'team_delivery'",
    ],
    ids=["cells added", "cells gone", "ledger edited", "verdict refused"],
)
def test_what_a_verdict_does_not_name_stays_back(story: Story, home: Home, spoil: str):
    with home.vault() as connection:
        connection.execute(spoil.format(new=NEW.format("team_delivery")))
    with company(story.middle, until=FIRST):
        assert published(home) == (ALL - DELIVERY, DELIVERY)


@pytest.mark.attack(43)
def test_a_policy_lowered_for_one_night_changes_nothing_that_has_begun(story: Story, home: Home):
    config = home.folder / "quorum.yaml"
    config.write_text(config.read_text().replace("k: 5", "k: 4"))
    with company(story.middle, until=FIRST):
        assert published(home) == (ALL, set())
    assert home.rows("select distinct policy from releases") == [(Policy().fingerprint,)]
    ((told,),) = home.rows("select protection from metric_dictionary where name = 'changes_merged'")
    assert "5 people" in told


@pytest.mark.attack(43)
def test_verdicts_by_another_policy_than_the_blocks_are_void(story: Story, home: Home):
    with home.vault() as connection:
        connection.execute("update vault.ops.policies set thresholds = json_merge_patch(thresholds, '{\"k\": 6}')")
    refused(story, home, ALL)


def test_published_assets_materialised_alone_publish_what_was_judged(story: Story, home: Home):
    """As somebody would in the UI; so that the next test shows what is refused, and not a run that broke off."""
    with company(story.middle, until=FIRST):
        assert home.materialised(CLOSING, "published", "docs", "report")
    assert set(home.rows(f"select table_name from periods where period_start = '{CLOSES}'")) == {(one,) for one in ALL}


@pytest.mark.attack(43)
def test_published_assets_materialised_alone_publish_nothing_unjudged(story: Story, home: Home):
    """After the candidates were changed."""
    with home.vault() as connection:
        for table in ALL:
            connection.execute(f"update vault.protected.{table} set size_band = '50+' where {NEW.format(table)}")
    before = home.files()
    with company(story.middle, until=FIRST):
        assert home.materialised(CLOSING, "published", "docs", "report")
    assert home.files() == before


def refused(story: Story, home: Home, tables: set[str]) -> None:
    before, place = home.files(), home.release
    with company(story.middle, until=FIRST):
        assert published(home) == (set(), tables)
    assert (home.files(), home.release) == (before, place)
