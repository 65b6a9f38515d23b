"""What the server serves at this moment: one company, its dialects, and the faults in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

from sources.sandbox.company import Company
from sources.sandbox.dialects.git import Git
from sources.sandbox.dialects.github_hub import GitHub
from sources.sandbox.dialects.jira import Jira
from sources.sandbox.faults import Fault, Faults
from sources.sandbox.settings import Sandbox


class World:
    """What the server serves at this moment; `become` puts another company in its place."""

    def __init__(self, settings: Sandbox, faults: Iterable[Fault | Mapping[str, Any]] = ()) -> None:
        self.faults = Faults(faults)
        self.counts: Counter[str] = Counter()
        self.url = ""
        self._build(settings)

    def become(self, settings: Sandbox) -> None:
        """Serve the company of these settings from now on."""
        self.git.close()
        self._build(settings)

    def _build(self, settings: Sandbox) -> None:
        self.company = Company(settings)
        self.github = GitHub(self.company, f"{self.url}/github")
        self.jira = Jira(self.company, f"{self.url}/jira")
        self.git = Git(self.company)

    def at(self, url: str) -> None:
        """Learn the own address, which stands in many answers."""
        self.url = url
        self.github.web, self.jira.web = f"{url}/github", f"{url}/jira"

    def change(self, **settings: object) -> None:
        """Serve the same company with other settings: another clock, late changes, a repaired roster."""
        self.become(replace(self.company.settings, **cast(Any, settings)))
