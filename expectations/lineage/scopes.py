"""What each column of a query carries, scope by scope, and which persons decide something in it.

The scopes are sqlglot's. A common table expression is evaluated once, however often it is read: lineage by column alone
would walk it once a reader, which doubles with every level.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import Scope, traverse_scope

from expectations.lineage import kinds
from expectations.lineage.places import DISTINCT, GROUP, JOIN, ORDER, WHERE, Use
from expectations.lineage.queries import enclosing, group_keys, inner, relation
from expectations.lineage.taint import NOTHING, Taint, Taints, only, united
from expectations.lineage.values import BY_VALUE, HELD_AGAINST, Setting, Untraceable, Values

Relation = Callable[[str], Mapping[str, Taints]]  # of schema.table, its columns
Columns = dict[str, Taints]
CLAUSES = {
    "with_",
    "expressions",
    "distinct",
    "from_",
    "joins",
    "laterals",
    "where",
    "group",
    "having",
    "qualify",
    "order",
}
SET = {"with_", "this", "expression", "distinct", "by_name", "side", "kind", "order"}


@dataclass(slots=True)
class Query:
    """One model's query: `columns` after `evaluated`, and every use of a person with the way that person came."""

    model: str
    relations: Relation
    uses: dict[Use, Taint] = field(default_factory=dict)
    _columns: dict[int, Columns] = field(default_factory=dict)

    def evaluated(self, tree: exp.Query) -> Columns:
        """The columns of a qualified query, in their order."""
        try:
            scopes = traverse_scope(tree)
        except SqlglotError:
            raise Untraceable("its scopes cannot be told apart") from None
        for scope in scopes:
            self._columns[id(scope.expression)] = _Scope(self, scope).columns()
        if not scopes or scopes[-1].expression is not tree:
            raise Untraceable("its scopes cannot be told apart")
        return self._columns[id(tree)]

    def of(self, node: exp.Expr) -> Columns:
        """The columns of a query inside it."""
        found = self._columns.get(id(node.unnest()))
        if found is None:
            raise Untraceable("a query inside it stands where none is looked for")
        return found


@dataclass(frozen=True, slots=True)
class _Scope:
    query: Query
    scope: Scope

    def columns(self) -> Columns:
        node = self.scope.expression
        if isinstance(node, exp.SetOperation):
            return self._combined(node)
        if isinstance(node, exp.UDTF):
            return self._unfolded(node)
        if not isinstance(node, exp.Select):
            raise Untraceable(f"{type(node).__name__.lower()} is not followed")
        return self._selected(node)

    def _selected(self, node: exp.Select) -> Columns:
        _only_known(node, CLAUSES)
        values = self._values(NOTHING)
        for join in self.scope.find_all(exp.Join):
            if join.args.get("using"):
                raise Untraceable("a join by names that are not known")
            values.asks(join.args.get("on"), JOIN)
        values.asks(inner(node, "where"), WHERE)
        keys = values.decides(group_keys(node), GROUP)
        values = self._values(only(keys, kinds.SINGLING))
        values.asks(inner(node, "having"), "having")
        values.asks(inner(node, "qualify"), "qualify")
        at = Setting("select", values.grouped)
        found: Columns = {}
        for one in node.expressions:
            name, carried = one.alias_or_name.lower(), values.of(one, at)
            if name in found:  # fine in a part of a union, where places count; read by name, it is either
                found[name] = united((found[name], carried))
                name = f"{name}, {len(found)}"
            found[name] = carried
        distinct = node.args.get("distinct")
        if distinct is not None:
            on = distinct.args.get("on")
            self._used(DISTINCT, united(found.values()) if on is None else values.of(on, at))
        self._ordered(node, found)
        return found

    def _combined(self, node: exp.SetOperation) -> Columns:
        _only_known(node, SET)
        left, right = (self.query.of(one.expression) for one in self.scope.set_operation_scopes)
        if node.args.get("by_name"):
            found = {name: united((left.get(name, NOTHING), right.get(name, NOTHING))) for name in {**left, **right}}
        elif len(left) != len(right):
            raise Untraceable("two parts of a union with other numbers of columns")
        else:
            found = {
                name: united((one, other)) for (name, one), other in zip(left.items(), right.values(), strict=True)
            }
        if not (isinstance(node, exp.Union) and node.args.get("distinct") is False):
            self._used(DISTINCT, united(found.values()))
        self._ordered(node, found)
        return found

    def _unfolded(self, node: exp.UDTF) -> Columns:
        """A list unnested, a lateral query, literal rows: every column may hold all that goes in."""
        if isinstance(node, exp.Lateral) and isinstance(node.this, exp.Subquery):
            return self.query.of(node.this)
        found = self._values(NOTHING).decides(node.iter_expressions(), "from")
        return {"*": found}

    def _ordered(self, node: exp.Query, found: Columns) -> None:
        """The rows' order may name the columns that come out."""
        values = self._values(NOTHING, found)
        values.decides([node.args.get("order")], ORDER)

    def _values(self, grouped: Taints, outputs: Columns | None = None) -> Values:
        def column(node: exp.Column) -> Taints:
            if not node.table and outputs is not None and node.name.lower() in outputs:
                return _via(outputs[node.name.lower()], node.name)
            return _via(self._column(node), node.name)

        def query(node: exp.Expr) -> Taints:
            return united(self.query.of(node).values())

        return Values(column, query, self._used, grouped)

    def _column(self, node: exp.Column) -> Taints:
        columns = self._source(node.table)
        name = node.name.lower()
        if name not in columns and "*" not in columns:
            raise Untraceable("a column that its table does not have")
        return columns.get(name, columns.get("*", NOTHING))

    def _source(self, table: str) -> Mapping[str, Taints]:
        scope: Scope | None = self.scope
        while scope is not None and table not in scope.sources:
            scope = scope.parent
        if scope is None or not table:
            raise Untraceable("a column that belongs to no table")
        source = scope.sources[table]
        if isinstance(source, exp.Table):
            return self.query.relations(relation(source))
        return self.query.of(source.expression)

    def _used(self, clause: str, taints: Taints) -> None:
        name = enclosing(self.scope.expression)
        told = HELD_AGAINST if clause.endswith(BY_VALUE) else {kinds.PERSON}
        for taint in only(taints, told).values():
            use = Use(self.query.model, name, taint.via.lower(), clause)
            known = self.query.uses.get(use)
            if known is None or len(taint.path) < len(known.path):
                self.query.uses[use] = taint


def _only_known(node: exp.Expr, clauses: set[str]) -> None:
    strange = sorted(key for key, value in node.args.items() if value and key not in clauses)
    if strange:
        raise Untraceable(f"the clause {strange[0].strip('_')} is not followed")


def _via(taints: Taints, name: str) -> Taints:
    return {key: replace(taint, via=name) for key, taint in taints.items()}
