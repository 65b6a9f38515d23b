"""GitHub's GraphQL questions. What is not named here never leaves GitHub; title and head branch serve the flags alone.

Written by GitHub's public documentation; no test holds them against its schema. The nested first pages hold what nearly
all changes need; a longer list is followed by its own question (`REST_OF`), a hundred at a time.
"""

from __future__ import annotations

REVIEWS = (
    "pageInfo { hasNextPage endCursor } "
    "nodes { id state submittedAt comments { totalCount } author { __typename login } }"
)
COMMITS = (
    "pageInfo { hasNextPage endCursor } nodes { commit "
    "{ oid authoredDate committedDate author { email user { login } } } }"
)
TIMELINE = (
    "pageInfo { hasNextPage endCursor } nodes { __typename "
    "... on ReadyForReviewEvent { createdAt } ... on ConvertToDraftEvent { createdAt } "
    "... on ReviewDismissedEvent { createdAt previousReviewState review { id } } }"
)
EVENTS = "itemTypes: [READY_FOR_REVIEW_EVENT, CONVERT_TO_DRAFT_EVENT, REVIEW_DISMISSED_EVENT]"

REPOSITORY = (
    "nameWithOwner "
    "pullRequests(first: 1, orderBy: {field: UPDATED_AT, direction: DESC}) { totalCount nodes { updatedAt } }"
)

SURVEY = f"""
query Survey($organisation: String!, $first: Int!, $after: String) {{
  organization(login: $organisation) {{
    repositories(first: $first, after: $after, orderBy: {{field: CREATED_AT, direction: ASC}}) {{
      pageInfo {{ hasNextPage endCursor }}
      nodes {{ {REPOSITORY} }}
    }}
  }}
}}
"""

LISTED = f"""
query Listed($owner: String!, $name: String!) {{
  repository(owner: $owner, name: $name) {{ {REPOSITORY} }}
}}
"""

CHANGES = f"""
query Changes($owner: String!, $name: String!, $first: Int!, $after: String, $order: IssueOrder!) {{
  repository(owner: $owner, name: $name) {{
    defaultBranchRef {{ name }}
    pullRequests(first: $first, after: $after, orderBy: $order) {{
      pageInfo {{ hasNextPage endCursor }}
      nodes {{
        number createdAt updatedAt mergedAt closedAt isDraft additions deletions
        title baseRefName headRefName
        mergeCommit {{ oid }}
        author {{ __typename login }}
        mergedBy {{ __typename login }}
        reviews(first: 25) {{ {REVIEWS} }}
        commits(first: 50) {{ {COMMITS} }}
        timelineItems(first: 10, {EVENTS}) {{ {TIMELINE} }}
      }}
    }}
  }}
}}
"""

NESTED = {
    "reviews": f"reviews(first: 100, after: $after) {{ {REVIEWS} }}",
    "commits": f"commits(first: 100, after: $after) {{ {COMMITS} }}",
    "timelineItems": f"timelineItems(first: 100, after: $after, {EVENTS}) {{ {TIMELINE} }}",
}

REST_OF = {
    name: f"""
query RestOf($owner: String!, $name: String!, $number: Int!, $after: String) {{
  repository(owner: $owner, name: $name) {{ pullRequest(number: $number) {{ {connection} }} }}
}}
"""
    for name, connection in NESTED.items()
}
