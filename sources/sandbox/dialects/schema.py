"""The part of GitHub's GraphQL schema that the made-up company answers: fields by type, and where they lead.

A field that leads nowhere is a scalar. Interfaces and unions stand under their own name; FAMILIES tells their members.
"""

from __future__ import annotations


def _type(scalars: str, **objects: str) -> dict[str, str]:
    return {**dict.fromkeys(scalars.split(), ""), **objects}


def _connection(node: str) -> dict[str, str]:
    return _type("totalCount", nodes=node, pageInfo="PageInfo")


ACTOR = "login url avatarUrl resourcePath"
EVENT = "id createdAt"
TIMELINE = (
    *("ReadyForReviewEvent", "ConvertToDraftEvent", "ReviewDismissedEvent"),
    *("MergedEvent", "ClosedEvent", "IssueComment"),
)
SCHEMA: dict[str, dict[str, str]] = {
    "Query": _type(
        "",
        organization="Organization",
        repository="Repository",
        rateLimit="RateLimit",
        viewer="User",
        node="Node",
        nodes="Node",
    ),
    "RateLimit": _type("limit cost remaining used resetAt nodeCount"),
    "PageInfo": _type("endCursor hasNextPage startCursor hasPreviousPage"),
    "Repository": _type(
        "id databaseId name nameWithOwner url description isArchived isFork isEmpty isPrivate isDisabled createdAt "
        "updatedAt pushedAt diskUsage",
        defaultBranchRef="Ref", owner="Actor", pullRequests="PullRequests", pullRequest="PullRequest",
        deployments="Deployments", releases="Releases",
    ),
    "Repositories": _connection("Repository"),
    "Ref": _type("id name prefix"),
    "PullRequests": _connection("PullRequest"),
    "PullRequest": _type(
        "id databaseId fullDatabaseId number title body bodyText url permalink resourcePath state isDraft merged "
        "createdAt updatedAt publishedAt mergedAt closedAt closed additions deletions changedFiles baseRefName "
        "headRefName isCrossRepository authorAssociation locked reviewDecision totalCommentsCount",
        author="Actor", mergedBy="Actor", mergeCommit="Commit", headRepository="Repository",
        headRepositoryOwner="Actor", baseRepository="Repository", repository="Repository",
        reviews="Reviews", commits="PullRequestCommits", timelineItems="Timeline", files="Files", labels="Labels",
    ),
    "Labels": _connection("Label"),
    "Label": _type("id name color description"),
    "Files": _connection("PullRequestChangedFile"),
    "PullRequestChangedFile": _type("path additions deletions changeType"),
    "Deployments": _connection("Deployment"),
    "Deployment": _type(
        "id databaseId environment latestEnvironment commitOid createdAt updatedAt state task payload description",
        creator="Actor", statuses="Statuses",
    ),
    "Statuses": _connection("DeploymentStatus"),
    "DeploymentStatus": _type("id state createdAt updatedAt description logUrl environmentUrl environment"),
    "Releases": _connection("Release"),
    "Release": _type(
        "id databaseId name tagName isDraft isPrerelease isLatest description createdAt updatedAt publishedAt url",
        author="Actor", tagCommit="Commit",
    ),
    "Reviews": _connection("PullRequestReview"),
    "PullRequestReview": _type(
        "id databaseId fullDatabaseId state submittedAt createdAt updatedAt publishedAt body bodyText url "
        "authorAssociation",
        author="Actor", comments="ReviewComments",
    ),
    "ReviewComments": _type("totalCount"),
    "PullRequestCommits": _connection("PullRequestCommit"),
    "PullRequestCommit": _type("id url resourcePath", commit="Commit"),
    "Commit": _type(
        "id oid abbreviatedOid message messageHeadline messageBody authoredDate committedDate additions deletions "
        "changedFiles changedFilesIfAvailable url authoredByCommitter committedViaWeb",
        author="GitActor", committer="GitActor",
    ),
    "GitActor": _type("name email date avatarUrl", user="User"),
    "Timeline": _connection("TimelineItem"),
    "TimelineItem": {},
    "ReadyForReviewEvent": _type(EVENT, actor="Actor"),
    "ConvertToDraftEvent": _type(EVENT, actor="Actor"),
    "ReviewDismissedEvent": _type(f"{EVENT} previousReviewState", actor="Actor", review="PullRequestReview"),
    "MergedEvent": _type(EVENT, actor="Actor"),
    "ClosedEvent": _type(EVENT, actor="Actor"),
    "IssueComment": _type(f"{EVENT} body bodyText", author="Actor"),
    "Actor": _type(ACTOR),
    "Node": _type("id"),
    "CheckSuite": _type("id", checkRuns="CheckRuns"),
    "CheckRuns": _connection("CheckRun"),
    "CheckRun": _type("id startedAt"),
    "User": _type(f"{ACTOR} id databaseId name email company bio location createdAt isEmployee"),
    "Bot": _type(f"{ACTOR} id databaseId createdAt"),
    "Organization": _type(f"{ACTOR} id databaseId name email", repositories="Repositories"),
}  # fmt: skip
FAMILIES = {
    "Actor": frozenset({"User", "Bot", "Organization"}),
    "Node": frozenset(SCHEMA),
    "TimelineItem": frozenset(TIMELINE),
}
