"""What the value of an expression carries, and what decides on the way.

Value flows through every function that is not named here, so an unknown one hides nothing. Conditions of a `case` are
no flow: their results are, and a condition over a person is noted as a use of that person. Null or not is no person.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from sqlglot import exp

from expectations.lineage import kinds
from expectations.lineage.taint import NOTHING, Taint, Taints, of, only, united, without

COUNTS = (exp.Count, exp.CountIf, exp.ApproxDistinct)
DIFFERENCES = (exp.DateDiff, exp.TimestampDiff, exp.DatetimeDiff, exp.TimeDiff)
BY_VALUE = ", by value"
HELD_AGAINST = {  # a time is held against days too, the others against their own kind
    kinds.PERSON: {kinds.PERSON},
    kinds.KEY: {kinds.KEY},
    kinds.SCOPE: {kinds.SCOPE},
    kinds.TIME: {kinds.TIME, kinds.PERIOD, kinds.CLOCK},
}
OPAQUE = (exp.Star, exp.Columns, exp.TableColumn, exp.Comprehension, exp.Placeholder, exp.Parameter)


class Untraceable(Exception):
    """Nobody can tell what this holds: a finding, never a pass."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where an expression stands: the clause, what its rows are grouped by, and whether it aggregates over a window."""

    clause: str
    groups: Taints = field(default_factory=dict)  # those of the group keys that single somebody or something out
    windowed: bool = False


@dataclass(frozen=True, slots=True)
class Values:
    """Evaluates the expressions of one select."""

    column: Callable[[exp.Column], Taints]
    query: Callable[[exp.Expr], Taints]
    used: Callable[[str, Taints], None]  # told of every clause and what decides in it
    grouped: Taints

    def decides(self, nodes: Iterable[exp.Expr | None], clause: str) -> Taints:
        """Evaluate a clause whose value decides over rows: the keys of a join, a group, an order."""
        found = [self.of(node, Setting(clause, self.grouped)) for node in nodes if node is not None]
        for one in found:
            self.used(clause, one)
        return united(found)

    def asks(self, condition: exp.Expr | None, clause: str) -> None:
        """Evaluate a condition; a person in it who is not compared with a person, or with null, is singled out."""
        if condition is not None:
            self.used(clause + BY_VALUE, self.of(condition, Setting(clause, self.grouped)))

    def of(self, node: exp.Expr, at: Setting) -> Taints:  # noqa: PLR0911 - one return a kind of expression
        """What the value of this expression carries."""
        if isinstance(node, OPAQUE) and not isinstance(node.parent, exp.Count):
            raise Untraceable(f"{type(node).__name__.lower()} stands for what the text does not name")
        if isinstance(node, exp.Func) and not isinstance(node.parent, exp.Window) and _of_nothing(node):
            raise Untraceable("a function of no column, whose value comes from the run")
        if isinstance(node, exp.Column):
            return self.column(node)
        if isinstance(node, exp.Query):
            return self.query(node)
        if isinstance(node, exp.Exists):
            return NOTHING
        if isinstance(node, exp.Case | exp.If):
            return self._case(node, at)
        if isinstance(node, exp.Window):
            return self._window(node, at)
        if isinstance(node, exp.AggFunc | exp.AnonymousAggFunc):
            return self._aggregate(node, at)
        if isinstance(node, exp.Predicate | exp.Nullif) and not isinstance(node, exp.Any | exp.All):
            return self._predicate(node, at)
        if isinstance(node, DIFFERENCES):
            return self._difference(node, at)
        if isinstance(node, exp.Filter):
            self.asks(node.expression.this, "filter")
            return self.of(node.this, at)
        if isinstance(node, exp.Order):
            self.decides(node.expressions, "order")
        found = self._children(node, at)
        return united((found, _quantities(at.groups))) if isinstance(node, exp.Anonymous) else found

    def _children(self, node: exp.Expr, at: Setting) -> Taints:
        return united(self.of(child, at) for child in node.iter_expressions())

    def _case(self, node: exp.Case | exp.If, at: Setting) -> Taints:
        branches = node.args["ifs"] if isinstance(node, exp.Case) else [node]
        asked = [node.args.get("this") if isinstance(node, exp.Case) else None, *(one.this for one in branches)]
        for condition in asked:
            self.asks(condition, at.clause)
        return united(self.of(result, at) for result in _results(node) if result is not None)

    def _window(self, node: exp.Window, at: Setting) -> Taints:
        if node.args.get("alias"):
            raise Untraceable("a named window")
        partition = self.decides(node.args.get("partition_by") or [], "partition")
        self.decides([node.args.get("order")], "order")
        groups = only(partition, kinds.SINGLING)
        inner = self.of(node.this, replace(at, groups=groups, windowed=True))
        return united((inner, _quantities(groups)))

    def _aggregate(self, node: exp.Expr, at: Setting) -> Taints:
        """A count carries nothing, a sum no numbers, any other what it is made of; by person, it is one's quantity."""
        within = Setting(at.clause, self.grouped)
        inside = self._children(node, within)
        if isinstance(node, COUNTS):
            for leaf in _counted(node):
                if not _is_key(leaf):  # whether a function of a person is null, or how often it differs, singles out
                    self.used(at.clause + BY_VALUE, only(self.of(leaf, within), {kinds.PERSON}))
            inside = NOTHING
        elif isinstance(node, exp.Sum) and not at.windowed and not isinstance(node.this, exp.Distinct):
            inside = without(inside, kinds.ADDED_UP)
        return united((inside, _quantities(at.groups)))

    def _predicate(self, node: exp.Expr, at: Setting) -> Taints:
        """Null or not tells of nobody; what is held against anything but its own kind is singled out by its value."""
        nodes = list(node.iter_expressions())
        sides = [self.of(side, at) for side in nodes]
        inside = united(sides)
        if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null):
            if not _is_key(node.this):
                self.used(at.clause + BY_VALUE, without(inside, {kinds.TIME}))
        else:
            for kind, fellows in HELD_AGAINST.items():
                plain = kind == kinds.TIME or all(map(_is_key, nodes))
                alike = plain and all(only(side, fellows | {kinds.UNTRACED}) for side in sides)
                for side in sides:
                    self.used(at.clause + ("" if alike else BY_VALUE), only(side, {kind}))
        if isinstance(node, exp.Nullif):
            return sides[0]
        return of(taint.turned(kinds.FLAG) for taint in inside.values() if taint.kind not in kinds.PUBLIC)

    def _difference(self, node: exp.Expr, at: Setting) -> Taints:
        """Between two times, or a time and the end of its period, lies a duration; otherwise it is still the time."""
        sides = [self.of(side, at) for side in (node.this, node.expression)]
        inside = united(sides)
        if not all(only(side, {kinds.TIME, kinds.PERIOD}) for side in sides):
            return inside
        return of(_turned(inside.values()))


def _of_nothing(node: exp.Func) -> bool:
    """The time, chance, a setting, an environment variable."""
    return (
        not any(True for _ in node.iter_expressions()) or isinstance(node, exp.Anonymous) and not node.find(exp.Column)
    )


def _is_key(node: exp.Expr) -> bool:
    """A column as it stands, or the first of several, not something made of it."""
    if isinstance(node, exp.Paren | exp.Any | exp.All):
        return _is_key(node.this)
    if isinstance(node, exp.Coalesce):
        return _is_key(node.this) and all(isinstance(one, exp.Literal) or _is_key(one) for one in node.expressions)
    if isinstance(node, exp.Tuple):
        return all(map(_is_key, node.expressions))
    return isinstance(node, exp.Column | exp.Query)


def _counted(node: exp.Expr) -> Iterator[exp.Expr]:
    """What a count counts, through `distinct` and the results of a `case`."""
    for child in node.iter_expressions():
        if isinstance(child, exp.Distinct | exp.Paren):
            yield from _counted(child)
        elif isinstance(child, exp.Case | exp.If):
            yield from (one for one in _results(child) if one is not None)
        elif not isinstance(child, exp.Star):
            yield child


def _results(node: exp.Case | exp.If) -> list[exp.Expr | None]:
    if isinstance(node, exp.If):
        return [node.args.get("true"), node.args.get("false")]
    return [*(one.args.get("true") for one in node.args["ifs"]), node.args.get("default")]


def _turned(taints: Iterable[Taint]) -> Iterable[Taint]:
    return (taint.turned(kinds.DURATION) if taint.kind == kinds.TIME else taint for taint in taints)


def _quantities(groups: Taints) -> Taints:
    return of(taint.turned(kinds.QUANTITY) for taint in groups.values())
