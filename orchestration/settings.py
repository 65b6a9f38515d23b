"""The settings as types: frozen, nothing computed, nothing read. orchestration/config.py fills them.

A key that is not declared here is an error. Secrets are never in the file: it names the environment variables that
hold them.
"""

from __future__ import annotations

import re
from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from expectations.policy import Policy, is_zone

Port = Field(ge=1, le=65535)


def _a_zone(value: str) -> str:
    if not is_zone(value):
        raise ValueError("write a time zone as Europe/Berlin or UTC")
    return value


Zone = Annotated[str, AfterValidator(_a_zone)]
Deployed = Literal["deployments", "workflows", "releases", "nothing"]
VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]{0,63}")


class Frozen(BaseModel):
    """A block of the file: misspelt keys are errors, values stay."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Repository(Frozen):
    """A repository that git clones, under another name than its address says."""

    address: str
    repository: str


class Statuses(Frozen):
    """The classes of a tracker's statuses, each with the names or ids of its own."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    queue: tuple[str, ...] = ()
    active: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_class_each(self) -> Statuses:
        listed = [name.casefold().strip() for _, names in self for name in names]
        if len(listed) > len(set(listed)):
            raise ValueError("a status stands in two lists, or twice in one: leave it in one") from None
        return self


class Unplanned(Frozen):
    """By which labels and types a tracker tells work that came unplanned."""

    labels: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


class Incidents(Frozen):
    """Which types of a tracker are incidents, and the field that names the service: components, or a field's id."""

    types: tuple[str, ...] = Field(min_length=1)
    service: str = "components"


class Service(Frozen):
    """A part of a repository that is deployed by itself: what touches it, and what deploys it."""

    paths: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    workflows: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class Deploys(Frozen):
    """What tells the deployments of some repositories; what is left out is as the system's block says."""

    repositories: tuple[str, ...] = Field(min_length=1)  # patterns
    read: Deployed | None = None
    production: tuple[str, ...] | None = None
    workflows: tuple[str, ...] | None = None
    services: dict[str, Service] = {}


class System(Frozen):
    """How to reach one system; which keys it needs, the system knows."""

    url: str = ""
    organisation: str = ""
    user: str = ""  # the NAME of the variable
    token: str = ""  # the NAME of the variable
    repositories: tuple[str | Repository, ...] = ()
    projects: tuple[str, ...] = ()
    statuses: Statuses = Statuses()
    unplanned: Unplanned = Unplanned()
    incidents: Incidents | None = None
    files: tuple[str, ...] = ()
    inbox: str = ""  # the NAME of the variable with the token of those who post
    read: Deployed = "deployments"
    production: tuple[str, ...] = ("production", "prod", "live")
    workflows: tuple[str, ...] = ()
    rules: tuple[Deploys, ...] = ()  # of some repositories; the first that fits counts

    @field_validator("url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("write the whole address, with https://") from None
        return value

    @field_validator("user", "token", "inbox")
    @classmethod
    def _a_variable(cls, value: str) -> str:
        """Names are repeated in messages; a token or an address in their place must not be."""
        if value and not VARIABLE.fullmatch(value):
            raise ValueError("write the NAME of an environment variable, in capitals, not what it holds") from None
        return value


class Bots(Frozen):
    """Accounts that are machines though nothing about them says so, by where they live."""

    github: tuple[str, ...] = ()
    jira: tuple[str, ...] = ()
    email: tuple[str, ...] = ()


class RosterFiles(Frozen):
    """The roster as two CSV files."""

    units: str
    people: str


class Sandbox(Frozen):
    """The made-up company that a night starts on loopback."""

    port: int = Port
    seed: int = 7
    start: date = date(2024, 11, 11)


class Schedule(Frozen):
    """When the nightly run starts by itself."""

    at: str = "02:00"
    time_zone: Zone = "UTC"

    @field_validator("at")
    @classmethod
    def _a_time(cls, value: str) -> str:
        try:
            time.fromisoformat(value)
        except ValueError:
            raise ValueError('write a time of day as "HH:MM", in quotes') from None
        return value

    @property
    def cron(self) -> str:
        """The schedule as cron says it."""
        at = time.fromisoformat(self.at)
        return f"{at.minute} {at.hour} * * *"


class Limits(Frozen):
    """How much of the machine a night may use."""

    memory: str = Field(default="1GB", pattern=r"^\d+(\.\d+)?(MB|GB|MiB|GiB)$")
    threads: int = Field(default=2, ge=1, le=64)


class File(Frozen):
    """quorum.yaml but for the policy, whose keys and floors expectations/policy.py knows."""

    roster: str | RosterFiles
    systems: dict[str, System] = Field(min_length=1)
    bots: Bots = Field(default=Bots(), repr=False)
    sandbox: Sandbox | None = None
    period: Literal["four_weeks", "week"] = "four_weeks"
    time_zone: Zone = "UTC"  # the organisation's: its days and weeks
    depth: int = Field(default=1, ge=1, le=8)  # levels of groups; the models are compiled for so many
    schedule: Schedule = Schedule()
    published: Path | None = None
    key_command: tuple[str, ...] = ()
    limits: Limits = Limits()


class Settings(File):
    """All that a run needs to know."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    published: Path  # the link that readers follow; `releases/` lies beside it
    policy: Policy
    file: Path  # quorum.yaml
    home: Path
    key: SecretStr | None = Field(default=None, repr=False)
    secrets: dict[str, SecretStr] = Field(default_factory=dict, repr=False)
    proxies: dict[str, str] = Field(default_factory=dict, repr=False)
    ca: str = ""

    @property
    def project(self) -> Path:
        """The folder of quorum.yaml, where relative paths start."""
        return self.file.parent

    @property
    def vault_file(self) -> Path:
        """The encrypted database."""
        return self.home / "vault" / "vault.duckdb"

    @property
    def work(self) -> Path:
        """What dbt writes, and spills; may be deleted at any time between nights."""
        return self.home / "work"

    @property
    def dagster_home(self) -> Path:
        """Dagster's instance."""
        return self.home / "dagster"
