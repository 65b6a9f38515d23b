"""The docs show the published tables, and of what they are made from nothing but names."""

import json
import re
from datetime import date

import duckdb
import pytest

from expectations.measures import TABLES, dictionary
from orchestration import docs_site
from orchestration.clock import midnight
from orchestration.docs_overview import ADDED

VAULT = "Stays in the vault: it is named here, and not described."
CLOCK = midnight(date(2026, 11, 23))
DICTIONARY = [
    {"name": "changes_merged", "table_name": "team_delivery", "unit": "changes", "not_for": "ranking </script>"}
]
SECRETS = (
    "canary-sql",
    "canary-column",
    "canary-description",
    "canary-env",
    "/home/canary",
    "canary-run",
    "canary-user",
)


def model(name, schema, parents=()):
    shown = schema == "protected"
    column = "unit_id" if shown else "canary-column"
    return {
        "resource_type": "model",
        "name": name,
        "schema": schema,
        "description": f"{name}.\n" if shown else "canary-description",
        "original_file_path": "/home/canary/x.sql",
        "build_path": "/home/canary/y.sql",
        "raw_code": "canary-sql",
        "compiled_code": "canary-sql",
        "relation_name": "canary-sql",
        "meta": {"x": "canary-env"},
        "depends_on": {"nodes": list(parents), "macros": ["macro.canary-sql"]},
        "columns": {column: {"name": column, "data_type": "varchar", "description": "The unit."}},
    }


@pytest.fixture
def manifest():
    return {
        "metadata": {
            "dbt_schema_version": "v12",
            "dbt_version": "1.11.16",
            "generated_at": "canary-run",
            "invocation_id": "canary-run",
            "env": {"DBT_ENV_CUSTOM": "canary-env"},
            "user_id": "canary-user",
            "send_anonymous_usage_stats": True,
        },
        "nodes": {
            "model.quorum.team_delivery": model("team_delivery", "protected", ["model.quorum.mart_delivery"]),
            "model.quorum.mart_delivery": model(
                "mart_delivery", "marts", ["model.quorum.stg_x", "source.quorum.raw.x"]
            ),
            "model.quorum.stg_x": model("stg_x", "staging"),
            "model.quorum.unrelated": model("unrelated", "marts"),
            "test.quorum.t": {"resource_type": "test", "name": "t", "raw_code": "canary-sql"},
        },
        "sources": {"source.quorum.raw.x": {"name": "canary-column"}},
        "macros": {"macro.quorum.x": {"macro_sql": "canary-sql"}},
        "exposures": {
            "exposure.quorum.report": {
                "unique_id": "exposure.quorum.report",
                "name": "report",
                "label": "The page",
                "type": "dashboard",
                "maturity": "high",
                "url": "../report/index.html",
                "description": "What it shows.\n",
                "owner": {"name": "somebody", "email": "canary-user"},
                "original_file_path": "/home/canary/exposures.yml",
                "created_at": "canary-run",
                "meta": {"x": "canary-env"},
                "depends_on": {"nodes": ["model.quorum.team_delivery", "model.quorum.unrelated"], "macros": []},
            }
        },
    }


def test_nothing_of_the_vault_is_in_the_docs_but_names(manifest):
    page = docs_site.render(manifest, DICTIONARY, CLOCK)
    assert [secret for secret in SECRETS if secret in page] == []
    assert "unrelated" not in json.dumps(docs_site.pruned(manifest, DICTIONARY, CLOCK))


def test_the_published_tables_keep_columns_types_and_their_descent(manifest):
    kept, catalog = docs_site.pruned(manifest, DICTIONARY, CLOCK)
    assert set(catalog["nodes"]) == {
        f"model.quorum.{name}"
        for name in ("team_delivery", "units", "periods", "metric_dictionary", "releases", "movers")
    }
    assert kept["nodes"]["model.quorum.team_delivery"]["columns"]["unit_id"]["description"] == "The unit."
    assert kept["parent_map"]["model.quorum.team_delivery"] == ["model.quorum.mart_delivery"]
    assert kept["child_map"]["model.quorum.stg_x"] == ["model.quorum.mart_delivery"]
    assert kept["nodes"]["model.quorum.mart_delivery"]["columns"] == {}


def test_every_column_of_the_dictionary_is_described():
    assert list(ADDED["metric_dictionary"][1]) == list(dictionary()[0])


def test_what_is_made_of_the_tables_stands_behind_them(manifest):
    kept, _ = docs_site.pruned(manifest, DICTIONARY, CLOCK)
    assert kept["child_map"]["model.quorum.team_delivery"] == ["exposure.quorum.report"]
    assert kept["parent_map"]["exposure.quorum.report"] == ["model.quorum.team_delivery"]


def test_every_link_of_the_greeting_leads_somewhere(manifest):
    kept, _ = docs_site.pruned(manifest, DICTIONARY, CLOCK)
    text = kept["docs"]["doc.quorum.__overview__"]["block_contents"]
    links = set(re.findall(r"\(#!/(?:model|exposure)/([^)]+)\)", text))
    assert links == {key for key, node in (kept["nodes"] | kept["exposures"]).items() if node["description"] != VAULT}


def test_the_query_of_the_greeting_runs_over_the_published_tables(manifest):
    kept, _ = docs_site.pruned(manifest, DICTIONARY, CLOCK)
    (query,) = re.findall(r"```sql\n(.+?)```", kept["docs"]["doc.quorum.__overview__"]["block_contents"], re.DOTALL)
    (table,) = [table for table in TABLES if table.name == "team_delivery"]
    units = {name: kind for name, (kind, _) in ADDED["units"][1].items()}
    with duckdb.connect() as database:
        for name, columns in ((table.name, dict(table.columns)), ("units", units)):
            database.execute(
                f"create table {name} ({', '.join(f'{column} {kind}' for column, kind in columns.items())})"
            )
        assert database.execute(query).fetchall() == []


def test_the_page_is_one_file_that_calls_nobody(manifest):
    page = docs_site.render(manifest, DICTIONARY, CLOCK)
    assert "INLINE DATA" not in page
    assert '"send_anonymous_usage_stats": false' in page
    assert "ranking <\\/script>" in page
    assert "What Quorum publishes" in page


def test_the_same_release_makes_the_same_page(manifest):
    first = docs_site.render(manifest, DICTIONARY, CLOCK)
    shuffled = manifest | {"nodes": dict(reversed(manifest["nodes"].items()))}
    shuffled["metadata"] = manifest["metadata"] | {"invocation_id": "another"}
    assert docs_site.render(shuffled, DICTIONARY, CLOCK) == first
