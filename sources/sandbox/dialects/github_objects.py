"""The company's records as GitHub's objects: plain dicts with all that GitHub tells, names and texts included.

The texts speak of people on purpose: nothing of them may ever be found in what a pipeline writes. A callable stands
where GitHub takes arguments.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sources.sandbox.channels import paths
from sources.sandbox.deployments import merge_commit
from sources.sandbox.dialects.selection import Problem
from sources.sandbox.people import GHOST, Account
from sources.sandbox.work import Change, Commit, Review

Thing = dict[str, Any]
WEB = "https://github.example"
LARGEST = 100
TOPICS = ("retries", "the cache", "a flaky test", "the rollout", "pagination", "time zones", "the index", "startup")


def when(moment: datetime | None) -> str | None:
    """A moment as GitHub writes it."""
    return moment.isoformat() + "Z" if moment else None


def actor(account: Account | None) -> Thing | None:
    """Somebody who acts; nobody if the account was deleted."""
    if account is None:
        return None
    found = ACTORS.get(account)
    if found is None:
        place = f"apps/{account.login}" if account.kind == "Bot" else account.login
        found = ACTORS[account] = {
            "__typename": account.kind, "login": account.login, "url": f"{WEB}/{place}", "resourcePath": f"/{place}",
            "avatarUrl": f"https://avatars.github.example/u/{account.number}?v=4", "id": account.node,
            "databaseId": account.number, "name": account.name, "email": account.email, "company": "@meridian",
            "bio": f"I am {account.name}", "location": "Here", "createdAt": "2019-02-03T04:05:06Z",
            "isEmployee": False,
        }  # fmt: skip
    return found


ACTORS: dict[Account, Thing] = {}


def connection(things: Sequence[Any], shown: Callable[[Any], Thing], name: str) -> Callable[[Thing], Thing]:
    """A field that answers with pages of at most a hundred."""

    def page(arguments: Thing) -> Thing:
        first = size(arguments, name)
        after = arguments.get("after")
        start = int(unpacked(after)) if after else 0
        part = things[start : start + first]
        ends = [start + 1, start + len(part)] if part else []
        return {
            "__typename": "Connection", "totalCount": len(things), "nodes": [shown(one) for one in part],
            "pageInfo": page_info(start > 0, start + first < len(things), ends),
        }  # fmt: skip

    return page


def size(arguments: Thing, name: str) -> int:
    """How many are asked for; GitHub insists on being told, and on a hundred at most."""
    first = arguments.get("first")
    if first is None:
        message = f"You must provide a `first` or `last` value to properly paginate the `{name}` connection."
        raise Problem(message, "MISSING_PAGINATION_BOUNDARIES", ("repository", name))
    if not isinstance(first, int) or not 0 <= first <= LARGEST:
        message = (
            f"Requesting {first} records on the `{name}` connection exceeds the `first` limit of {LARGEST} records."
        )
        raise Problem(message, "EXCESSIVE_PAGINATION", ("repository", name))
    return first


def page_info(before: bool, after: bool, ends: Sequence[object]) -> Thing:
    """Where a page lies."""
    return {
        "__typename": "PageInfo", "hasPreviousPage": before, "hasNextPage": after,
        "startCursor": packed(ends[0]) if ends else None, "endCursor": packed(ends[-1]) if ends else None,
    }  # fmt: skip


def packed(value: object) -> str:
    """A cursor."""
    return b64encode(f"cursor:v2:{value}".encode()).decode()


def unpacked(cursor: str) -> str:
    """What a cursor holds."""
    from base64 import b64decode

    try:
        return b64decode(cursor, validate=True).decode().split("cursor:v2:", 1)[1]
    except (ValueError, IndexError):
        raise Problem(f"`{cursor}` does not appear to be a valid cursor.", "INVALID_CURSOR_ARGUMENTS") from None


def words(change: Change) -> tuple[str, str, str]:
    """Title, body and head branch, with people in them."""
    name, login = (change.author.name, change.author.login) if change.author else ("somebody", "nobody")
    topic = TOPICS[int(change.id[:6], 16) % len(TOPICS)]
    if change.reverts:
        number = change.reverts.number
        return f'Revert "Mend {topic} for {name}"', f"Reverts #{number}\n\ncc @{login}", f"revert-{number}-mend"
    title = f"Mend {topic} for {name}"
    return title, f"As {name} said.\n\nReviewed-by: @{login}\n", f"{login}/{topic.replace(' ', '-')}"


def pull(change: Change, repository: Thing) -> Thing:
    """A pull request."""
    title, body, head = words(change)
    author = actor(change.author)
    state = "MERGED" if change.merged else "CLOSED" if change.closed else "OPEN"
    url = f"{repository['url']}/pull/{change.number}"
    at = change.merged or change.created
    merge = Commit(merge_commit(change), change.author, at, at, at, 0, 0)
    number = int(change.id[:10], 16)
    closed = when(change.closed)
    return {
        "__typename": "PullRequest", "id": f"PR_kw{change.id}", "databaseId": number, "fullDatabaseId": str(number),
        "number": change.number, "title": title, "body": body, "bodyText": body, "url": url, "permalink": url,
        "resourcePath": url, "state": state, "isDraft": change.is_draft, "merged": state == "MERGED",
        "createdAt": when(change.created), "updatedAt": when(change.updated), "publishedAt": when(change.created),
        "mergedAt": when(change.merged), "closedAt": closed, "closed": closed is not None,
        "additions": change.additions, "deletions": change.deletions, "changedFiles": change.files,
        "baseRefName": change.base, "headRefName": head, "isCrossRepository": change.fork_deleted,
        "authorAssociation": "MEMBER", "locked": False, "reviewDecision": None, "totalCommentsCount": 0,
        "author": author, "mergedBy": actor(change.merged_by), "headRepositoryOwner": author,
        "mergeCommit": commit(merge) if change.merged else None, "repository": repository,
        "headRepository": None if change.fork_deleted else repository, "baseRepository": repository,
        "reviews": connection(change.reviews, review, "reviews"),
        "commits": connection(change.commits, pull_commit, "commits"),
        "labels": connection([], dict, "labels"),
        "files": connection(paths(change), changed_file, "files"),
        "timelineItems": lambda asked: connection(timeline(change, asked), dict, "timelineItems")(asked),
    }  # fmt: skip


def review(given: Review) -> Thing:
    """A review."""
    at = None if given.state == "PENDING" else when(given.at)
    who = given.author.name if given.author else GHOST.name
    number = int(given.id[:10], 16)
    return {
        "__typename": "PullRequestReview", "id": f"PRR_kw{given.id}", "databaseId": number,
        "fullDatabaseId": str(number), "state": given.state, "submittedAt": at, "createdAt": when(given.at),
        "updatedAt": when(given.at), "publishedAt": at, "body": f"Fine by me, {who}", "bodyText": "", "url": WEB,
        "authorAssociation": "MEMBER", "author": actor(given.author),
        "comments": {"__typename": "Connection", "totalCount": given.line_comments},
    }  # fmt: skip


def changed_file(path: str) -> Thing:
    """A file that a pull request changes."""
    return {
        "__typename": "PullRequestChangedFile",
        "path": path,
        "additions": 1,
        "deletions": 0,
        "changeType": "MODIFIED",
    }


def pull_commit(made: Commit) -> Thing:
    """A commit of a pull request."""
    return {"__typename": "PullRequestCommit", "id": made.id, "url": WEB, "resourcePath": "/", "commit": commit(made)}


def commit(made: Commit) -> Thing:
    """A commit; its author is known by address, and by login if the address is somebody's."""
    account = made.author or GHOST
    known = None if made.author is None or made.author is GHOST else actor(account)
    by = {
        "__typename": "GitActor", "name": account.name, "email": account.email, "date": when(made.authored),
        "avatarUrl": WEB, "user": known if account.kind == "User" else None,
    }  # fmt: skip
    message = f"Mend it\n\nSigned-off-by: {account.name} <{account.email}>"
    return {
        "__typename": "Commit", "id": f"C_kw{made.id}", "oid": made.id, "abbreviatedOid": made.id[:7],
        "message": message, "messageHeadline": "Mend it", "messageBody": message[9:],
        "authoredDate": when(made.authored), "committedDate": when(made.committed), "additions": made.additions,
        "deletions": made.deletions, "changedFiles": 1, "changedFilesIfAvailable": 1, "url": WEB,
        "authoredByCommitter": True, "committedViaWeb": False, "author": by, "committer": by,
    }  # fmt: skip


def timeline(change: Change, asked: Thing) -> list[Thing]:
    """The events of a pull request, of the types that are asked for."""
    who = actor(change.author)
    turns = [("ConvertToDraftEvent" if draft else "ReadyForReviewEvent", at) for at, draft in change.turns]
    ends = [("MergedEvent", change.merged), ("ClosedEvent", change.closed)]
    happened = [*turns, *((kind, at) for kind, at in ends if at)]
    dismissals = [("ReviewDismissedEvent", one.at, _said(one)) for one in change.reviews if one.state == "DISMISSED"]
    events: list[tuple[str, datetime, Thing]] = [*((kind, at, {}) for kind, at in happened), *dismissals]
    wanted = asked.get("itemTypes")
    return [
        {"__typename": kind, "id": f"E_{change.id}{at}", "createdAt": when(stamp), "actor": who, **told}
        for at, (kind, stamp, told) in enumerate(events)
        if wanted is None or _typed(kind) in wanted
    ]


def _said(dismissed: Review) -> Thing:
    """What a dismissed review had said, and which it is; here it is dismissed as soon as it is given."""
    return {"previousReviewState": "APPROVED", "review": review(dismissed)}


def _typed(kind: str) -> str:
    """The name of a type of events as it is asked for: ReadyForReviewEvent is READY_FOR_REVIEW_EVENT."""
    return "".join(f"_{letter}" if letter.isupper() else letter.upper() for letter in kind).lstrip("_")
