"""Small things taken out of GitHub's answers, each with its own error where it is not as promised."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sources.errors import Gone, Malformed
from sources.minimise import lookup
from sources.reading import Scope
from sources.stream import Json


def owner(scope: Scope) -> dict[str, str]:
    """Owner and name of a repository, as variables of a question."""
    before, _, name = scope.name.partition("/")
    return {"owner": before, "name": name}


def there(data: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    """What stands under a name; Gone if nothing does."""
    found = data.get(name)
    if not isinstance(found, dict):
        raise Gone("not there", "/graphql") from None
    return found


def full_name(record: Json) -> str:
    """A repository's `owner/name`; Malformed without."""
    name = lookup(record, "nameWithOwner")
    if not isinstance(name, str) or "/" not in name:
        raise Malformed("a repository without its full name", "/graphql") from None
    return name


def moment(value: Json) -> datetime:
    """A time as GitHub writes it; Malformed if it is none."""
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Malformed("a change without the time of its update", "/graphql") from None


def tell_dismissals(change: Mapping[str, Json]) -> None:
    """Give each review of a change that was dismissed what it had said, and when it was dismissed."""
    reviews: dict[Json, dict[str, Json]] = {one["id"]: one for one in change["reviews"]["nodes"]}
    for event in change["timelineItems"]["nodes"]:
        review = reviews.get(lookup(event, "review.id"))
        if review is not None:
            review |= {"said": event["previousReviewState"], "dismissedAt": event["createdAt"]}
