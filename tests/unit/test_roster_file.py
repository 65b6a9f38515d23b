"""The roster is read from where quorum.yaml says: one YAML file, or two CSV files that say the same."""

import pytest

from orchestration.config import load
from orchestration.errors import ConfigError
from orchestration.roster_file import read_roster
from tests.unit.test_roster import ADA, KEYS, PEOPLE, TREE, UNITS

FORMS = {"one": "who.yaml", "two": "{units: units.csv, people: people.csv}"}


@pytest.fixture
def read(tmp_path):
    units = UNITS.replace("Acme,", "Acme,2024-01-01") + "network,platform,team,Network,2024-02-01,2025-01-01\n"
    for name, text in {"who.yaml": TREE + ADA, "units.csv": units, "people.csv": PEOPLE}.items():
        (tmp_path / name).write_text(text)

    def from_form(form: str):
        config = tmp_path / f"{form}.yaml"
        config.write_text(f"roster: {FORMS[form]}\nsystems: {{git: {{repositories: [/nowhere]}}}}\n")
        return read_roster(load(config, home=tmp_path / "home"))

    return from_form


def test_two_csv_files_say_what_the_yaml_form_says(read):
    one, two = read("one"), read("two")
    assert {name: rows(table) for name, table in two.tables(KEYS).items()} == {
        name: rows(table) for name, table in one.tables(KEYS).items()
    }
    assert two.identifiers() == one.identifiers()


@pytest.mark.parametrize("key", ["units", "people"])
def test_a_file_that_is_not_there_is_told_by_its_key(read, tmp_path, key):
    (tmp_path / f"{key}.csv").unlink()
    with pytest.raises(ConfigError, match=rf"roster\.{key}: the file cannot be read") as caught:
        read("two")
    assert f"{key}.csv" not in str(caught.value)


def rows(table):
    return sorted(table.to_pylist(), key=repr)
