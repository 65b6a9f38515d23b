"""By which rule a repository's deployments are told, and what the words of a deployment, or a changed path, mean by it.

Names, environments, tags, labels and paths are compared here, in memory; what goes on is a word of a closed list, or a
service that quorum.yaml names. Patterns are those of a shell, `*` also over slashes; case counts in paths alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Self

from sources.minimise import fold

DEPLOYMENTS, WORKFLOWS, RELEASES, NOTHING = "deployments", "workflows", "releases", "nothing"
PRODUCTION, OTHER = "production", "other"
Patterns = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """A part of a repository that is deployed by itself: what touches it, and what deploys it."""

    name: str
    paths: Patterns = ()
    labels: Patterns = ()
    environments: Patterns = ()
    workflows: tuple[str, ...] = ()
    tags: Patterns = ()

    def is_touched_by(self, paths: Iterable[str], labels: Iterable[str]) -> bool:
        """Whether one of the paths, or of the labels, is the service's."""
        is_path = any(fnmatchcase(path, pattern) for path in paths for pattern in self.paths)
        return is_path or any(_matches(label, self.labels) for label in labels)


@dataclass(frozen=True, slots=True)
class Rule:
    """What tells the deployments of the repositories that it is for."""

    repositories: Patterns = ("*",)
    read: str = DEPLOYMENTS
    production: Patterns = (PRODUCTION, "prod", "live")
    workflows: tuple[str, ...] = ()
    services: tuple[Service, ...] = ()

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """A rule as the options hold it; what they leave out is the default."""
        told: dict[str, Any] = dict(given)
        services = told.pop("services", {})
        return cls(**told, services=tuple(Service(name, **each) for name, each in services.items()))

    def is_for(self, repository: str) -> bool:
        """Whether it is for a repository (`owner/name`)."""
        return _matches(repository, self.repositories)

    def deployed_to(self, environment: str, repository: str) -> tuple[str, str]:
        """The service and the class of an environment."""
        for service in self.services:
            if _matches(environment, service.environments):
                return service.name, PRODUCTION
        return own_service(repository), PRODUCTION if _matches(environment, self.production) else OTHER

    def tagged(self, tag: str, repository: str) -> str:
        """The service that a release of this tag deploys."""
        found = (service.name for service in self.services if _matches(tag, service.tags))
        return next(found, own_service(repository))

    def files(self, repository: str) -> Iterator[tuple[str, str]]:
        """The workflows that deploy, by file name, each with its service."""
        for service in self.services:
            yield from ((file, service.name) for file in service.workflows)
        yield from ((file, own_service(repository)) for file in self.workflows)

    def touched(self, paths: list[str], labels: list[str], repository: str) -> list[str]:
        """The services that a change of these paths and labels touches; the repository's own one if it touches none."""
        found = [service.name for service in self.services if service.is_touched_by(paths, labels)]
        return found or [own_service(repository)]

    @property
    def digest(self) -> str:
        """What is remembered of it, to notice that it was changed."""
        return digest(repr(self))


def rule_of(rules: Iterable[Rule], repository: str) -> Rule:
    """The first rule that is for a repository; without one it has no deployments."""
    return next((rule for rule in rules if rule.is_for(repository)), Rule(read=NOTHING))


def own_service(repository: str) -> str:
    """What a repository deploys where nothing says more: itself, by its name alone."""
    return repository.rpartition("/")[2]


def digest(text: str) -> str:
    """What is remembered in place of a text, to tell it from another one."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _matches(text: str, patterns: Patterns) -> bool:
    return any(fnmatchcase(fold(text), fold(pattern)) for pattern in patterns)
