"""What of a project must not be published, each with the way it takes from the release back to the raw column."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from expectations.fingerprints import rules_digest
from expectations.lineage import kinds
from expectations.lineage.places import PLACES, Place
from expectations.lineage.project import Project, is_published, short
from expectations.lineage.taint import Taint

RULE = "lineage"
ARROW = " ← "


@dataclass(frozen=True, slots=True)
class Break:
    """One way that must not be: from a published column, or from a clause of a model, back to the raw column.

    `tables` are the published relations that it reaches, as schema.table; `column` is empty where a clause decides and
    where a whole model cannot be traced.
    """

    table: str
    column: str
    path: tuple[str, ...]
    kind: str
    reason: str
    tables: tuple[str, ...]
    rule: str = RULE

    def __str__(self) -> str:
        way = ARROW.join(self.path) + (f" ({self.kind})" if self.kind else "")
        return f"{way}: {self.reason}"


def examine_lineage(
    compiled: Mapping[str, str], declared: Mapping[str, str], places: Iterable[Place] = PLACES
) -> tuple[Break, ...]:
    """Every break of a project.

    `compiled` maps schema.table to the model's SQL, `declared` maps schema.table.column of what no model makes to its
    kind. What cannot be parsed or traced is a break too; nothing raises.
    """
    project = Project(compiled, declared)
    return (*_untraced(project), *_shown(project), *_decided(project, tuple(places)))


def unused_places(
    compiled: Mapping[str, str], declared: Mapping[str, str], places: Iterable[Place] = PLACES
) -> tuple[Place, ...]:
    """The listed places where no person decides anything."""
    uses = Project(compiled, declared).uses
    return tuple(place for place in places if not any(place.allows(use) for use in uses))


def _untraced(project: Project) -> Iterator[Break]:
    for model, why in sorted(project.untraced.items()):
        yield Break(short(model), "", (short(model),), "", f"cannot be traced: {why}", project.readers(model))


def _shown(project: Project) -> Iterator[Break]:
    """Columns of a release that hold what is neither public nor added up."""
    for model in sorted(filter(is_published, project.columns)):
        if model in project.untraced:
            continue
        for column, taints in project.columns[model].items():
            shortest: dict[str, Taint] = {}
            for taint in sorted(taints.values(), key=lambda one: (len(one.path), one.path)):
                shortest.setdefault(taint.kind, taint)
            for kind, taint in shortest.items():
                if kind not in kinds.PUBLIC:
                    yield Break(short(model), column, taint.path, kind, kinds.REMEDIES[kind], (model,))


def _decided(project: Project, places: tuple[Place, ...]) -> Iterator[Break]:
    """Persons in a filter, a key or an order that nobody listed, and whatever is picked out by its value."""
    whole = {short(model): model for model in project.compiled}
    for use, taint in sorted(project.uses.items(), key=lambda item: str(item[0])):
        if not any(place.allows(use) for place in places):
            reason = (
                f"a {taint.kind} decides in `{use.clause}` of {use.query or 'the last select'}; "
                "count them, or list the place with its reason in expectations/lineage/places.py"
            )
            path = (f"{use.model}.{use.column}", *taint.path)
            yield Break(use.model, "", path, taint.kind, reason, project.readers(whole[use.model]))


def fingerprint(compiled: Mapping[str, str], declared: Mapping[str, str]) -> str:
    """SHA-256 over all that an examination depends on: the SQL, the kinds, and the code of the gate."""
    seen = [sorted(compiled.items()), sorted(declared.items()), rules_digest()]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()
