"""The events of changes as GitHub would answer for them: one pull request each, with what hangs on it.

Only what GitHub keeps is answered: a branch that was rewritten has its new commits alone, what a dismissed review had
said stands in the timeline, a plain comment in no field that is asked for.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from orchestration.conformance.case import Event
from sources.pseudonyms import fold
from sources.systems.github_answers import tell_dismissals

REPOSITORY, BRANCH = "acme/app", "main"
Json = dict[str, Any]


class Changes:
    """The pull requests of a history, by the name that its events use."""

    def __init__(self, bots: frozenset[str]) -> None:
        self._bots = bots
        self._changes: dict[str, Json] = {}
        self._branches: dict[str, list[Json]] = {}  # their commits; a branch is older than its change
        self._commits = 0

    @property
    def records(self) -> list[Json]:
        """The records of the stream `changes`, dismissals told as GitHub's reader tells them."""
        for change in self._changes.values():
            tell_dismissals(change)
        return list(self._changes.values())

    @property
    def repositories(self) -> list[Json]:
        """The records of the stream `repositories`."""
        names = dict.fromkeys(change["repository"]["name"] for change in self._changes.values())
        return [{"nameWithOwner": name} for name in names]

    def full_name(self, change: str) -> str:
        """A change as other systems call it: owner/name#number."""
        return f"{self._changes[change]['repository']['name']}#{self._changes[change]['number']}"

    def merged_as(self, change: str) -> Json:
        """The repository and the commit that a change became on its base; its last own commit until it is merged."""
        found = self._changes[change]
        sha = found["mergeCommit"]["oid"] if found["mergeCommit"] else f"{found['number']:x}".rjust(40, "e")
        return {"repository": found["repository"]["name"], "sha": sha}

    def _change_opened(self, event: Event) -> None:
        of, number = event.of, len(self._changes) + 1
        name = of.get("repository", REPOSITORY)
        reverted = self._changes[of["reverts"]]["number"] if "reverts" in of else None
        by_hand = of.get("by_hand", False)
        self._changes[of["change"]] = {
            "number": number,
            "id": f"{fold(name)}#{number}",  # as is `repository`, what the reader adds
            "repository": {"name": name, "folded": fold(name), "branch": BRANCH},
            "createdAt": _at(event.at),
            "updatedAt": _at(event.at),
            "mergedAt": None,
            "closedAt": None,
            "isDraft": of.get("draft", False),
            "additions": of.get("added", 10),
            "deletions": of.get("deleted", 2),
            "title": "Revert something" if reverted and by_hand else "Something",
            "baseRefName": of.get("into", BRANCH),
            "headRefName": f"revert-{reverted}-topic" if reverted and not by_hand else "topic",
            "author": self._actor(of["by"]),
            "mergedBy": None,
            "mergeCommit": None,
            "reviews": {"nodes": []},
            "commits": {"nodes": self._branches.setdefault(of["change"], [])},
            "timelineItems": {"nodes": []},
        }

    def _commit_added(self, event: Event) -> None:
        self._branches.setdefault(event.of["change"], []).append(
            self._commit({**event.of, "authored": event.at.isoformat()})
        )
        if event.of["change"] in self._changes:
            self._touched(event)

    def _branch_rewritten(self, event: Event) -> None:
        self._touched(event)
        self._branches[event.of["change"]][:] = map(self._commit, event.of["commits"])

    def _commit(self, of: Json) -> Json:
        self._commits += 1
        return {
            "commit": {
                "oid": f"{self._commits:040x}",
                "authoredDate": of["authored"],
                "committedDate": of.get("committed", of["authored"]),
                "additions": 1,
                "deletions": 0,
                "author": {"email": address(of["by"], self._bots), "user": {"login": of["by"]}},
            }
        }

    def _change_ready(self, event: Event) -> None:
        self._touched(event)["isDraft"] = False
        self._timeline(event, "ReadyForReviewEvent")

    def _change_drafted(self, event: Event) -> None:
        self._touched(event)["isDraft"] = True
        self._timeline(event, "ConvertToDraftEvent")

    def _change_retargeted(self, event: Event) -> None:
        self._touched(event)["baseRefName"] = event.of["into"]

    def _change_reviewed(self, event: Event) -> None:
        change = self._touched(event)
        known = change["reviews"]["nodes"]
        review = {
            "id": event.of.get("review", f"{change['number']}.{len(known)}"),
            "state": event.of["state"].upper(),
            "submittedAt": None if event.of["state"] == "pending" else _at(event.at),
            "author": self._actor(event.of["by"]),
            "comments": {"totalCount": event.of.get("comments", 0)},
        }
        known.append(review)

    def _review_dismissed(self, event: Event) -> None:
        for review in self._touched(event)["reviews"]["nodes"]:
            if review["id"] == event.of["review"]:
                told = {"previousReviewState": review["state"], "review": {"id": review["id"]}}
                review["state"] = "DISMISSED"
                self._timeline(event, "ReviewDismissedEvent", **told)

    def _change_commented(self, event: Event) -> None:
        self._touched(event)

    def _change_merged(self, event: Event) -> None:
        change = self._touched(event)
        change["mergedAt"] = change["closedAt"] = _at(event.at)
        change["mergedBy"] = self._actor(event.of["by"])
        change["mergeCommit"] = {"oid": f"{change['number']:x}".rjust(40, "f")}

    def _change_closed(self, event: Event) -> None:
        self._touched(event)["closedAt"] = _at(event.at)

    def _change_reopened(self, event: Event) -> None:
        self._touched(event)["closedAt"] = None

    def _touched(self, event: Event) -> Json:
        change = self._changes[event.of["change"]]
        change["updatedAt"] = max(change["updatedAt"], _at(event.at))
        return change

    def _timeline(self, event: Event, kind: str, **told: Json) -> None:
        items = self._changes[event.of["change"]]["timelineItems"]["nodes"]
        items.append({"__typename": kind, "createdAt": _at(event.at), **told})

    def _actor(self, name: str | None) -> Json | None:
        """Whoever acts; None for an account that is gone."""
        return None if name is None else {"__typename": "Bot" if name in self._bots else "User", "login": name}


def address(name: str, bots: frozenset[str]) -> str:
    """The address under which somebody commits."""
    return f"1+{name}[bot]@users.noreply.github.com" if name in bots else f"{name}@example.org"


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
