"""`team_review`: reviews given to changes that somebody else wrote, by their reviewer and the period of the review."""

from expectations.catalogue.families import AUTHOR, REVIEWER, amount, percentiles, rate
from expectations.kinds import Kind, Measure, Table
from expectations.meanings import COUNTED, PERCENTILE, PERSON, RATE, SPREAD, Meaning

P90 = 0.9  # of first reviews there are too few
FIRST = percentiles(
    "first_review_hours",
    "first_review_seconds",
    (REVIEWER, AUTHOR),
    median=Meaning(
        question="How soon do people of this unit give a change its first review?",
        formula="Median of hours from ready for review to the first human review by somebody else, by the period of "
        "that review and the home team of who gave it.",
        definition="Middleware's first response time, told for those who review; dbt_github's begins at the request "
        "for review.",
        counted="The reviews of reviews_given that were the first of their change, merged or not.",
        not_counted="Reviews before the change was ready; changes that nobody reviewed; plain comments.",
        limits="Whom the review was asked of is not known: a change may have waited for somebody else. How long the "
        "changes of a team wait is pickup_hours_p50 of team_delivery. Nights and weekends count.",
        source="GitHub pull requests and reviews.",
        protection=PERCENTILE,
        not_for=PERSON,
    ),
    question="Within which time do people of this unit give {share} changes their first review?",
    formula="p{percent} of hours from ready for review to the first human review by somebody else.",
)
TABLE = Table(
    name="team_review",
    mart="mart_review",
    count="reviews_given",
    measures=(
        amount(
            Kind.COUNT,
            "reviews_given",
            "reviews",
            REVIEWER,
            Meaning(
                question="How many reviews did people of this unit give in the period?",
                formula="Number of reviews submitted, by the period of submission and the home team of the reviewer.",
                definition="dbt_github's number_of_reviews, by team; DevLake and Faros show it by person.",
                counted="Approvals, requests for changes, comment reviews and dismissed ones, of changes by somebody "
                "else.",
                not_counted="Bots, one's own changes, plain comments, pending reviews, people in no team.",
                limits="A review may be a glance or a day's work; more of them are not better.",
                source="GitHub reviews.",
                protection=COUNTED,
                not_for=PERSON,
            ),
        ),
        *(one for one in FIRST if one.quantile != P90),
        rate(
            "commented_review_rate_pct",
            "is_commented",
            (REVIEWER, AUTHOR),
            Meaning(
                question="Which share of the reviews says something about a line?",
                formula="100 x reviews with a comment on a line / reviews given.",
                definition="After DevLake's review depth, which divides comments by members of the team; here a share "
                "of reviews.",
                counted="The reviews of reviews_given; a comment is counted with the review it was sent with.",
                not_counted="Plain comments and the text of the review itself; reviews read before this was asked for.",
                limits="Says that something was remarked, not how much or how well. An approval without a word may be "
                "the end of a long talk elsewhere.",
                source="GitHub reviews.",
                protection=RATE,
                not_for=PERSON,
            ),
        ),
        Measure(
            "review_load_spread",
            Kind.SPREAD,
            "VARCHAR",
            "band",
            (REVIEWER,),
            "reviews_given",
            meaning=Meaning(
                question="Do a few people of this unit give most of the reviews?",
                formula="Gini coefficient of reviews given among those who gave any: even below 0.3, mixed below 0.5.",
                definition="The Gini coefficient, which Apache Beam computed of its reviewers; here a word, not a "
                "number.",
                counted="The reviews of reviews_given.",
                not_counted="People of the unit who gave no review at all: with them the load is more "
                "concentrated than told.",
                limits="Three words, no number; a new colleague who reviews little makes a team look less even.",
                source="GitHub reviews.",
                protection=SPREAD,
                not_for=PERSON,
            ),
        ),
    ),
)
