"""The lines of an events file: those that are as the schema says, by type, and the numbers of those that are not.

A bad line stops nothing: it is counted and its number told, never its content. The schema is made of the types below
(`schema`), so that what is documented is what is checked.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, RootModel, StringConstraints, ValidationError

VERSION = 1
SHOWN = 5  # line numbers told of each fault

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Event(BaseModel):
    """What every line says. Fields that are not named here are allowed, and dropped at the door."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True, hide_input_in_errors=True)

    version: Literal[1] = 1
    id: Name = Field(description="Unique among its type; a later line of the same id replaces the earlier one.")
    service: Name = Field(description="What is deployed or disturbed; deployments and incidents call it the same.")


class Deployment(Event):
    """A deployment that has ended."""

    type: Literal["deployment"]
    status: Literal["success", "failure", "cancelled"]
    environment: str = Field("production", description="production, prod, live count as production; all else does not.")
    started_at: AwareDatetime | None = None
    finished_at: AwareDatetime
    repository: str | None = Field(
        None, pattern=r"^[^/\s]+/[^/\s]+$", description="owner/name; with sha it tells which changes are in it."
    )
    sha: str | None = Field(
        None, pattern=r"^[0-9a-fA-F]{40}([0-9a-fA-F]{24})?$", description="The commit that was deployed."
    )
    changes: list[Annotated[str, StringConstraints(pattern=r"^[^/\s]+/[^/\s]+#[0-9]+$")]] = Field(
        [], description="The changes in it as owner/name#number, where that is known: said counts before inferred."
    )
    by: str | None = Field(
        None,
        pattern=r"^(github|jira|email):\S+$",
        description="Who triggered it: github:login, jira:account id, email:address. Left out: a machine did.",
    )
    fixes: Name | None = Field(None, description="The id of the failed deployment that it mends or rolls back.")


class Incident(Event):
    """Something that does not work in production; told when it opens, and again when it is resolved."""

    type: Literal["incident"]
    opened_at: AwareDatetime
    resolved_at: AwareDatetime | None = None
    caused_by: Name | None = Field(None, description="The id of the deployment that caused it, where that is known.")


class Line(RootModel[Annotated[Deployment | Incident, Field(discriminator="type")]]):
    """One line of a file."""


@dataclass(slots=True)
class Lines:
    """What a file holds: records by type, and the numbers of the bad lines by what is wrong with them."""

    deployments: list[dict[str, Any]] = field(default_factory=list, repr=False)
    incidents: list[dict[str, Any]] = field(default_factory=list, repr=False)
    bad: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    @property
    def warnings(self) -> list[str]:
        """Each fault with its count and the first line numbers."""
        return [
            f"{len(numbers)} {'line' if len(numbers) == 1 else 'lines'} left out, {fault}: "
            + ", ".join(map(str, numbers[:SHOWN]))
            + (", …" if len(numbers) > SHOWN else "")
            for fault, numbers in self.bad.items()
        ]


def parse(content: bytes) -> Lines:
    """Read JSON Lines; empty lines are none."""
    found = Lines()
    for number, line in enumerate(content.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            event = Line.model_validate_json(line).root
        except ValidationError as error:
            found.bad[_fault(line, error)].append(number)
            continue
        record = event.model_dump()
        if isinstance(event, Deployment):
            record["changes"] = [{"name": name} for name in event.changes]  # records, as of any nested list
            found.deployments.append(record)
        else:
            found.incidents.append(record)
    return found


def schema() -> str:
    """The JSON Schema (2020-12) of one line."""
    text = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A deployment or an incident"}
    return json.dumps(text | Line.model_json_schema(), indent=2)


def _fault(line: bytes, error: ValidationError) -> str:
    """What is wrong, in words that repeat nothing of the line but the names of our own fields."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    if first["type"] == "json_invalid":
        return "no JSON"
    if _is_newer(line):
        return f"of a later version of the schema than {VERSION}"
    known = {*Deployment.model_fields, *Incident.model_fields}
    place = next((str(part) for part in reversed(first["loc"]) if part in known), "type")
    return f"not as the schema says in `{place}`"


def _is_newer(line: bytes) -> bool:
    record = json.loads(line)
    version = record.get("version") if isinstance(record, dict) else None
    return isinstance(version, int) and version > VERSION
