"""A GitHub of sixty lines: repositories, two a page, and pull requests in the order and the page sizes asked for.

`nested` is how many reviews, commits and events fit on a first page; `trouble(request)` may answer instead.
"""

from collections.abc import Callable, Mapping, Sequence

from tests.fake_server import Reply, Request

LISTS = ("reviews", "commits", "timelineItems")
WORDS = {"CREATED_AT": "createdAt", "UPDATED_AT": "updatedAt"}


def change(number: int, **more: object) -> dict:
    """A pull request with nothing special about it."""
    day = f"2024-01-{number % 27 + 1:02d}"
    usual = {
        "number": number,
        "createdAt": f"{day}T08:00:00Z",
        "updatedAt": f"{day}T12:00:00Z",
        "mergedAt": f"{day}T12:00:00Z",
        "closedAt": f"{day}T12:00:00Z",
        "isDraft": False,
        "additions": 10,
        "deletions": 2,
        "title": "Anything",
        "baseRefName": "main",
        "headRefName": "topic",
        "author": {"__typename": "User", "login": "ann"},
        "mergedBy": {"__typename": "User", "login": "bob"},
    }
    return {**usual, **dict.fromkeys(LISTS, []), **more}


def review(number, login="bob", **more):
    author = login and {"__typename": "User", "login": login}
    return {"id": f"R{number}", "state": "APPROVED", "submittedAt": "2024-01-05T10:00:00Z", "author": author, **more}


def commit(number, login="ann", email="ann@example.org"):
    author = {"email": email, "user": login and {"login": login}}
    times = {"authoredDate": "2024-01-01T10:00:00+02:00", "committedDate": "2024-01-01T10:00:00Z"}
    return {"commit": {"oid": f"{number:040x}", "additions": 1, "deletions": 0, "author": author, **times}}


def company(changes=3, repositories=3):
    return {f"meridian/r{at}": [change(number) for number in range(1, changes + 1)] for at in range(repositories)}


def connection(items: Sequence[object], first: int, after: str | None) -> dict:
    """One page of a connection; its cursors are places in the list."""
    start = int(after or 0)
    end = start + first
    return {"nodes": items[start:end], "pageInfo": {"hasNextPage": end < len(items), "endCursor": str(end)}}


def github(
    repositories: Mapping[str, list[dict]], nested: int = 2, trouble: Callable[[Request], Reply | None] = lambda _: None
) -> Callable[[Request], Reply | dict]:
    """The answers of a GitHub with these pull requests by repository."""

    def described(name: str) -> dict:
        newest = max((each["updatedAt"] for each in repositories[name]), default=None)
        flags = {"isArchived": False, "isFork": False, "isEmpty": not repositories[name]}
        changes = {"totalCount": len(repositories[name]), "nodes": [{"updatedAt": newest}] if newest else []}
        return {"nameWithOwner": name, **flags, "pullRequests": changes}

    def graphql(body: dict) -> dict:
        asked = body["variables"]
        if "organisation" in asked:
            listed = connection([described(name) for name in repositories], min(2, asked["first"]), asked["after"])
            return {"data": {"organization": {"repositories": listed}}}
        name = f"{asked['owner']}/{asked['name']}"
        changes = repositories.get(name)
        if changes is None:
            return {"data": {"repository": None}, "errors": [{"type": "NOT_FOUND", "message": "Could not resolve"}]}
        if "order" not in asked and "number" not in asked:
            return {"data": {"repository": described(name)}}
        if "number" in asked:
            name = next(name for name in LISTS if f"{name}(first" in body["query"])
            found = next(change for change in changes if change["number"] == asked["number"])
            return {"data": {"repository": {"pullRequest": {name: connection(found[name], nested, asked["after"])}}}}
        field, falling = WORDS[asked["order"]["field"]], asked["order"]["direction"] == "DESC"
        ordered = sorted(changes, key=lambda change: (change[field], change["number"]), reverse=falling)
        short = [{**each, **{name: connection(each[name], nested, None) for name in LISTS}} for each in ordered]
        repository = {
            "defaultBranchRef": {"name": "main"} if changes else None,
            "pullRequests": connection(short, asked["first"], asked["after"]),
        }
        return {"data": {"repository": repository}}

    def answer(request: Request) -> Reply | dict:
        return trouble(request) or graphql(request.body)

    return answer
