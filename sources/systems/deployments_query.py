"""The GraphQL questions of deployments. What is not named here never leaves GitHub.

Environments, tags, labels and paths are asked for to be compared in memory. The nested first pages hold what nearly
all need; a longer list is followed by its own question (`REST_OF`), a hundred at a time.
"""

from __future__ import annotations

PAGE = "pageInfo { hasNextPage endCursor }"
STATUSES = f"{PAGE} nodes {{ state createdAt }}"
FILES = f"{PAGE} nodes {{ path }}"
NEWEST = "orderBy: {field: CREATED_AT, direction: DESC}"

NEWS_OF = {
    "deployments": f"deployments(first: 1, {NEWEST}) {{ nodes {{ id createdAt updatedAt }} }}",
    "releases": f"releases(first: 1, {NEWEST}) {{ nodes {{ id createdAt updatedAt }} }}",
    "pullRequests": (
        "pullRequests(states: MERGED, first: 1, orderBy: {field: UPDATED_AT, direction: DESC}) "
        "{ nodes { id createdAt updatedAt } }"
    ),
}
"""What tells of a repository whether a list of it has news."""


def survey(lists: tuple[str, ...]) -> str:
    """The repositories of an organisation, with what tells whether these lists have news."""
    news = " ".join(NEWS_OF[name] for name in lists)
    return f"""
query Survey($organisation: String!, $first: Int!, $after: String) {{
  organization(login: $organisation) {{
    repositories(first: $first, after: $after, orderBy: {{field: CREATED_AT, direction: ASC}}) {{
      {PAGE}
      nodes {{ nameWithOwner {news} }}
    }}
  }}
}}
"""


def listed(lists: tuple[str, ...]) -> str:
    """The same of one repository."""
    news = " ".join(NEWS_OF[name] for name in lists)
    return f"""
query Listed($owner: String!, $name: String!) {{
  repository(owner: $owner, name: $name) {{ nameWithOwner {news} }}
}}
"""


def _list(kind: str, order: str, connection: str, nodes: str, more: str = "") -> str:
    return f"""
query {kind}($owner: String!, $name: String!, $first: Int!, $after: String, $order: {order}!) {{
  repository(owner: $owner, name: $name) {{
    {connection}(first: $first, after: $after, orderBy: $order{more}) {{
      {PAGE}
      nodes {{ {nodes} }}
    }}
  }}
}}
"""


LISTS = {
    "deployments": _list(
        "Deployments",
        "DeploymentOrder",
        "deployments",
        "id databaseId environment commitOid createdAt creator { __typename login } "
        f"statuses(first: 10) {{ {STATUSES} }}",
    ),
    "releases": _list(
        "Releases",
        "ReleaseOrder",
        "releases",
        "id databaseId tagName isDraft isPrerelease createdAt publishedAt tagCommit { oid } "
        "author { __typename login }",
    ),
    "pullRequests": _list(
        "Changed",
        "IssueOrder",
        "pullRequests",
        f"id number createdAt updatedAt labels(first: 100) {{ nodes {{ name }} }} files(first: 100) {{ {FILES} }}",
        ", states: MERGED",
    ),
}

REST_OF = {
    name: f"""
query RestOf($id: ID!, $after: String) {{
  node(id: $id) {{ ... on {kind} {{ {name}(first: 100, after: $after) {{ {fields} }} }} }}
}}
"""
    for name, kind, fields in (("statuses", "Deployment", STATUSES), ("files", "PullRequest", FILES))
}
