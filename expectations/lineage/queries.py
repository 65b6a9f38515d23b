"""SQL as a tree whose every column names its table; what is not one plain query cannot be traced."""

from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from expectations.lineage.values import Untraceable

Columns = tuple[tuple[str, tuple[str, ...]], ...]  # schema.table and its columns
DIALECT = "duckdb"
REFUSED = (
    exp.Command,
    exp.DML,
    exp.Pivot,
    exp.MatchRecognize,
    exp.TableColumn,
    exp.Comprehension,
    exp.Columns,
    exp.Into,
)
MODELS = 256  # kept parsed: a changed model is read anew, the others are not
TEMPORARY = "temp"  # the schema of a table that is named without one
JOINS = {"", "INNER", "OUTER", "CROSS", "SEMI", "ANTI"}
WRAPPER = {"this", "alias"}  # all that a query in parentheses may have around it


@lru_cache(maxsize=MODELS)
def parsed(sql: str) -> exp.Query:
    """The one query of this text; a `create table … as` counts as its query, and catalogues are left out."""
    try:
        trees = [tree for tree in sqlglot.parse(sql, dialect=DIALECT) if tree is not None]
    except SqlglotError:
        raise Untraceable("it cannot be parsed") from None
    if len(trees) != 1:
        raise Untraceable("it is not one statement")
    tree: exp.Expr = trees[0]
    if isinstance(tree, exp.Create) and tree.kind in ("TABLE", "VIEW") and tree.expression is not None:
        tree = tree.expression
    if not isinstance(tree, exp.Select | exp.SetOperation):
        raise Untraceable("it is not a query")
    named = {one.alias.lower() for one in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        table.set("catalog", None)
        if not table.db and table.name.lower() not in named:
            table.set("db", exp.to_identifier(TEMPORARY))
    return tree


def reads(tree: exp.Query) -> frozenset[str]:
    """The relations it names, as schema.table."""
    return frozenset(relation(table) for table in tree.find_all(exp.Table) if table.db)


def relation(table: exp.Table) -> str:
    """A table as schema.table."""
    return f"{table.db}.{table.name}".lower()


@lru_cache(maxsize=MODELS)
def qualified(sql: str, columns: Columns) -> exp.Query:
    """The query with stars expanded and every column qualified, given the columns of the relations it reads."""
    tree = parsed(sql)
    for node in tree.walk():
        _check(node)
    schema: dict[str, dict[str, dict[str, str]]] = {}
    for name, known in columns:
        owner, _, table = name.partition(".")
        schema.setdefault(owner, {})[table] = dict.fromkeys(known, "unknown")
    try:
        done = qualify(tree.copy(), dialect=DIALECT, schema=MappingSchema(dict(schema), dialect=DIALECT))
    except SqlglotError as error:
        raise Untraceable(str(error).partition(". Line")[0].replace('"', "")) from None
    return done


def enclosing(node: exp.Expr) -> str:
    """The common table expression that a node stands in; empty in the last select."""
    cte = node.find_ancestor(exp.CTE)
    return cte.alias.lower() if cte else ""


def inner(node: exp.Expr, clause: str) -> exp.Expr | None:
    """The condition of a clause, if the query has it."""
    found: exp.Expr | None = node.args.get(clause)
    return None if found is None else found.this


def group_keys(node: exp.Select) -> list[exp.Expr]:
    """What a select groups by, in every form of it."""
    group = node.args.get("group")
    if group is None:
        return []
    keys = list(group.iter_expressions())
    if group.args.get("all"):
        keys += [one for one in node.expressions if not one.find(exp.AggFunc)]
    if any(isinstance(key, exp.Literal) for key in keys):
        raise Untraceable("a group by position")
    return keys


def _check(node: exp.Expr) -> None:
    name = type(node).__name__.lower()
    if isinstance(node, REFUSED):
        raise Untraceable(f"{name} is not followed")
    if isinstance(node, exp.With) and node.recursive:
        raise Untraceable("a recursive query is not followed")
    if isinstance(node, exp.Subquery) and {key for key, value in node.args.items() if value} - WRAPPER:
        raise Untraceable("a query in parentheses with a clause of its own is not followed")
    if isinstance(node, exp.Join) and (node.method or node.kind.upper() not in JOINS):
        raise Untraceable(f"a {(node.method or node.kind).lower()} join is not followed")
    if isinstance(node, exp.Table):
        renamed = node.args.get("alias") and node.args["alias"].columns
        if renamed or not isinstance(node.this, exp.Identifier):
            raise Untraceable("a table function, or a table with renamed columns, is not followed")
