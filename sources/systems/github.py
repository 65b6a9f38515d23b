"""GitHub: changes (pull requests) with their reviews and commits, and the repositories they are in.

Read by nested GraphQL, because by REST the reviews alone cost a question a change
(`sources.systems.github_pages` tells how it pages). GitHub moves `updatedAt` on every review, push and event, so it
serves as the cursor.

Not read: bodies, comments (but how many on lines a review carries), labels, file paths, check runs, names, avatars; of
a commit only its times, and whether a machine wrote it.
Title and head branch are looked at in memory to tell reverts (`is_revert`, `reverts_key`) and dropped. Pending reviews
are their author's own and are dropped. A deleted account is null; a machine is told by its type or by `[bot]` in its
login or address.
"""

from __future__ import annotations

import re

from sources import addresses
from sources.stream import Account, Column, Json, Kind, Record, Stream, System
from sources.systems.github_pages import GitHubReader

REVERT_BRANCH = re.compile(r"(?:.*/)?revert-(\d+)-")
TURNS = {"ReadyForReviewEvent", "ConvertToDraftEvent"}
REVIEW_STATES = {
    "approved": "approved",
    "changes_requested": "changes_requested",
    "commented": "commented",
    "dismissed": "dismissed",
}


def ready_at(record: Record) -> str | None:
    """The first moment at which it was ready for review: its creation unless it was a draft then; null if none came."""
    found = [event for event in record["timelineItems"]["nodes"] if event["__typename"] in TURNS]
    turns = sorted(found, key=lambda event: str(event["createdAt"]))
    was_draft = turns[0]["__typename"] == "ReadyForReviewEvent" if turns else record["isDraft"]
    first: str | None = record["createdAt"] if not was_draft else turns[0]["createdAt"] if turns else None
    return first


def is_bot(record: Record, actor: str) -> bool:
    """Whether an actor is a machine."""
    who = record[actor] or {}
    return who.get("__typename") == "Bot" or (who.get("login") or "").endswith("[bot]")


def author(record: Record) -> tuple[str, str] | None:
    """Whose it is."""
    return login_of(record["author"])


def merger(record: Record) -> tuple[str, str] | None:
    """Who merged it."""
    return login_of(record["mergedBy"])


def login_of(who: Json) -> tuple[str, str] | None:
    """The account of a user."""
    return ("github", who["login"]) if who and who.get("login") else None


def author_is_bot(record: Record) -> bool:
    """Whether the author is a machine."""
    return is_bot(record, "author")


def merged_by_is_bot(record: Record) -> bool:
    """Whether a machine merged it."""
    return is_bot(record, "mergedBy")


def is_base_default(record: Record) -> bool | None:
    """Whether it goes into the default branch."""
    branch = record["repository"]["branch"]
    return None if branch is None else bool(record["baseRefName"] == branch)


def reverted(record: Record) -> str | None:
    """The id of the change it takes back, told by the head branch `revert-<number>-…` that GitHub makes."""
    found = REVERT_BRANCH.match(record["headRefName"] or "")
    return f"{record['repository']['folded']}#{int(found[1])}" if found else None


def is_revert(record: Record) -> bool:
    """Whether it takes another change back: by its head branch, or a title that begins with Revert."""
    return reverted(record) is not None or (record["title"] or "").startswith("Revert ")


def commit_account(record: Record) -> tuple[str, str] | None:
    """The login if GitHub knows whose address it is, else the address."""
    login, email = commit_author(record)
    if login:
        return "github", login
    return addresses.account(email) if email else None


def commit_is_bot(record: Record) -> bool:
    """Whether a machine wrote it."""
    login, email = commit_author(record)
    return login.endswith("[bot]") or addresses.is_bot(email)


def commit_author(record: Record) -> tuple[str, str]:
    """Login and address, each empty where GitHub has none."""
    author = record["commit"]["author"] or {}
    user = author.get("user") or {}
    return user.get("login") or "", author.get("email") or ""


def is_submitted(record: Record) -> bool:
    """Whether a review was handed in."""
    return record["state"] != "PENDING" and record["submittedAt"] is not None


def said(record: Record) -> Json:
    """What a review said when it was handed in, as far as it is known of one that was dismissed since."""
    return record.get("said") or record["state"]


REPOSITORIES = Stream(
    name="repositories",
    key=("repository_key",),
    columns=(Column("repository_key", Kind.SCOPE, "nameWithOwner", space="repository"),),
)
CHANGES = Stream(
    name="changes",
    key=("change_key",),
    columns=(
        Column("change_key", Kind.KEY, "id", space="change"),
        Column("repository_key", Kind.SCOPE, "repository.name", space="repository", required=True),
        Column("author_key", Kind.PERSON, accounts=(Account("github", "author.login"),)),
        Column("author_is_bot", Kind.FLAG, of=author_is_bot, actor=author),
        Column("merged_by_key", Kind.PERSON, accounts=(Account("github", "mergedBy.login"),)),
        Column("merged_by_is_bot", Kind.FLAG, of=merged_by_is_bot, actor=merger),
        Column("created_at", Kind.TIME, "createdAt", required=True),
        Column("ready_at", Kind.TIME, of=ready_at),
        Column("merged_at", Kind.TIME, "mergedAt"),
        Column("closed_at", Kind.TIME, "closedAt"),
        Column("additions", Kind.NUMBER, "additions"),
        Column("deletions", Kind.NUMBER, "deletions"),
        Column("is_draft", Kind.FLAG, "isDraft"),
        Column("is_base_default", Kind.FLAG, of=is_base_default),
        Column("is_revert", Kind.FLAG, of=is_revert),
        Column("reverts_key", Kind.KEY, of=reverted, space="change"),
        Column("merge_commit_key", Kind.KEY, "mergeCommit.oid", space="commit"),
    ),
)
REVIEWS = Stream(
    name="reviews",
    key=("review_key",),
    parent=CHANGES,
    at="reviews.nodes",
    replaces=("change_key",),
    keep=is_submitted,
    columns=(
        Column("review_key", Kind.KEY, "id", space="review"),
        Column("change_key", Kind.KEY, "parent.id", space="change", required=True),
        Column("reviewer_key", Kind.PERSON, accounts=(Account("github", "author.login"),)),
        Column("reviewer_is_bot", Kind.FLAG, of=author_is_bot, actor=author),
        Column("state", Kind.CATEGORY, of=said, mapping=REVIEW_STATES),
        Column("submitted_at", Kind.TIME, "submittedAt", required=True),
        Column("dismissed_at", Kind.TIME, "dismissedAt"),
        Column("line_comments", Kind.NUMBER, "comments.totalCount"),
        Column("change_updated_at", Kind.TIME, "parent.updatedAt"),
    ),
)
COMMITS = Stream(
    name="commits",
    key=("change_key", "commit_key"),
    parent=CHANGES,
    at="commits.nodes",
    replaces=("change_key",),
    columns=(
        Column("commit_key", Kind.KEY, "commit.oid", space="commit"),
        Column("change_key", Kind.KEY, "parent.id", space="change"),
        Column("author_is_bot", Kind.FLAG, of=commit_is_bot, actor=commit_account),
        Column("authored_at", Kind.TIME, "commit.authoredDate"),
        Column("committed_at", Kind.TIME, "commit.committedDate"),
        Column("change_updated_at", Kind.TIME, "parent.updatedAt"),
    ),
)
SYSTEM = System(
    name="github",
    streams=(REPOSITORIES, CHANGES, REVIEWS, COMMITS),
    reads="changes",
    space="repository",
    reader=GitHubReader,
    needs=(("url",), ("organisation", "repositories")),
    takes=("token",),
)
