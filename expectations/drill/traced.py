"""The drill on the models' text: one that hands a person on must be a break of the lineage guard."""

from collections.abc import Iterator, Mapping

from expectations.drill.trial import Outcome

HANDED_ON = {
    "a person's key as a column of the model": "select w.*, m.person_key as planted",
    "a person picked by their key": "select w.*, min(m.person_key) over () as planted",
}


def planted_in_model(compiled: Mapping[str, str], declared: Mapping[str, str], table: str) -> Iterator[Outcome]:
    """Each leak in the table's model; `compiled` and `declared` as the guard is given them."""
    from expectations.lineage import examine_lineage

    model = f"protected.{table}"
    for name, select in HANDED_ON.items():
        leaky = f"{select} from ({compiled[model]}) as w cross join vault.intermediate.int_members as m"
        found = examine_lineage({**compiled, model: leaky}, declared)
        yield Outcome(table, name, any(one.column == "planted" for one in found))
