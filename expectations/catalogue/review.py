"""`team_review`: reviews given to changes that somebody else wrote, by their reviewer and the period of the review."""

from expectations.catalogue.families import REVIEWER, amount
from expectations.kinds import Kind, Measure, Table
from expectations.meanings import COUNTED, PERSON, SPREAD, Meaning

TABLE = Table(
    name="team_review",
    mart="mart_review",
    measures=(
        amount(
            Kind.COUNT,
            "reviews_given",
            "reviews",
            REVIEWER,
            Meaning(
                question="How many reviews did people of this unit give in the period?",
                formula="Number of reviews submitted, by the period of submission and the home team of the reviewer.",
                counted="Approvals, requests for changes, comment reviews and dismissed ones, of changes by somebody "
                "else.",
                not_counted="Bots, one's own changes, plain comments, pending reviews, people in no team.",
                limits="A review may be a glance or a day's work; more of them are not better.",
                source="GitHub reviews.",
                protection=COUNTED,
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
