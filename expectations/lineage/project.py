"""All models in their order: what every column of every relation carries, and every use of a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter

from expectations.lineage import kinds
from expectations.lineage.places import Use
from expectations.lineage.taint import NOTHING, Taint, Taints, of

PUBLISHED = ("protected", "main")  # the schemas that readers get: of the vault, and of a release


@dataclass(slots=True)
class Project:
    """`compiled` maps schema.table to a model's SQL, `declared` schema.table.column to its kind.

    `columns` maps schema.table to what its columns carry, `reads` to the relations its query names; `untraced` says why
    a model could not be followed: all its columns are then unknown.
    """

    compiled: Mapping[str, str]
    declared: Mapping[str, str]
    columns: dict[str, Mapping[str, Taints]] = field(default_factory=dict)
    uses: dict[Use, Taint] = field(default_factory=dict)
    reads: dict[str, frozenset[str]] = field(default_factory=dict)
    untraced: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        raw: dict[str, dict[str, Taints]] = {}
        for name, kind in self.declared.items():
            table, _, column = name.rpartition(".")
            known = kind if kind in kinds.DECLARED else kinds.UNTRACED
            raw.setdefault(table, {})[column] = of([Taint(known, name, (name,))])
        self.columns.update(raw)
        for model, sql in self.compiled.items():
            self._parse(model, sql)
        for model in self._order():
            if model not in self.untraced:
                self._evaluate(model)
            if model in self.untraced:
                self.columns[model] = {"*": of([Taint(kinds.UNTRACED, model, (short(model),))])}

    def readers(self, model: str) -> tuple[str, ...]:
        """The published relations that read a model, directly or not, or are it."""
        reached, more = {model}, {model}
        while more:
            more = {one for one, reads in self.reads.items() if reads & more} - reached
            reached |= more
        return tuple(sorted(filter(is_published, reached)))

    def _parse(self, model: str, sql: str) -> None:
        from expectations.lineage.queries import parsed, reads
        from expectations.lineage.values import Untraceable

        self.reads[model] = frozenset()
        try:
            self.reads[model] = reads(parsed(sql))
        except Untraceable as error:
            self.untraced[model] = str(error)
        if model in self.columns:
            self.untraced[model] = "a raw table has its name"

    def _order(self) -> list[str]:
        needs = {model: (reads - {model}) & set(self.compiled) for model, reads in self.reads.items()}
        try:
            return list(TopologicalSorter(needs).static_order())
        except CycleError:
            self.untraced.update(dict.fromkeys(self.compiled, "models read each other in a circle"))
            return list(self.compiled)

    def _evaluate(self, model: str) -> None:
        """An incremental model that reads itself is evaluated until nothing new comes round."""
        from expectations.lineage.queries import parsed, qualified
        from expectations.lineage.scopes import Query
        from expectations.lineage.values import Untraceable

        sql, name = self.compiled[model], short(model)
        reads_itself = model in self.reads[model]
        if reads_itself:
            self.columns[model] = {column.lower(): NOTHING for column in parsed(sql).named_selects}
        try:
            known = tuple((one, tuple(self._relation(one))) for one in sorted(self.reads[model]))
            tree = qualified(sql, known)
            while True:
                query = Query(name, self._relation)
                before = self.columns.get(model, {})
                self.columns[model] = {
                    column: {
                        key: replace(taint, path=(f"{name}.{column}", *taint.path)) for key, taint in taints.items()
                    }
                    for column, taints in query.evaluated(tree).items()
                }
                if not reads_itself or _same(before, self.columns[model]):
                    break
            self.uses.update(query.uses)
        except Untraceable as error:
            self.untraced[model] = str(error)

    def _relation(self, name: str) -> Mapping[str, Taints]:
        from expectations.lineage.values import Untraceable

        if name not in self.columns:
            raise Untraceable(f"{name} is neither a model nor declared")
        return self.columns[name]


def is_published(model: str) -> bool:
    """Whether readers get this relation."""
    return model.partition(".")[0] in PUBLISHED


def short(model: str) -> str:
    """The name without its schema."""
    return model.rpartition(".")[2]


def _same(one: Mapping[str, Taints], other: Mapping[str, Taints]) -> bool:
    return {name: set(taints) for name, taints in one.items()} == {name: set(taints) for name, taints in other.items()}
