"""`team_dora`: deployments to production, by who triggered them, and the changes in them, by their author.

A change waits for whoever deploys: its times show the conduct of both. A failure lasts until
somebody mends it: that time shows the conduct of who deployed what failed, of who deployed what
mends it, and of who answered the incident.
"""

from expectations.catalogue.families import AUTHOR, DEPLOYER, MENDER, RESPONDER, amount, percentile, percentiles, rate
from expectations.kinds import Kind, Table
from expectations.meanings import COUNTED, PERCENTILE, PERSON, RATE, Meaning

SOURCE = (
    "Deployments and incidents of the events files; GitHub's deployments, workflow runs and releases; incidents of "
    "Jira; GitHub pull requests."
)
BASELINE = (
    "Changes not deployed yet; those of the first deployment known of a service (a repository is one, unless "
    "quorum.yaml tells its services); "
)
BLAMED = (
    "an incident or a mending deployment names it, or an incident of its service was opened within a day and before "
    "the next deployment"
)
TOLD = "Quorum's own: how much of what the measures beside it say is told, and how much inferred."


def _rates(question: str, formula: str, definition: str, limits: str) -> Meaning:
    return Meaning(
        question=question,
        formula=formula,
        definition=definition,
        counted="Successful deployments to production; of changes, those that reached it in the period.",
        not_counted="Other environments; failed and cancelled deployments; machines' changes; people in no team.",
        limits=limits,
        source=SOURCE,
        protection=RATE,
        not_for=PERSON,
    )


TABLE = Table(
    name="team_dora",
    mart="mart_dora",
    count="deployments",
    measures=(
        amount(
            Kind.COUNT,
            "deployments",
            "deployments",
            DEPLOYER,
            Meaning(
                question="How often did people of this unit bring something into production in the period?",
                formula="Number of successful deployments to production by the period in which they ended, and the "
                "home team of who triggered them; where a machine did, of who wrote the newest change in them.",
                definition="DORA's deployment frequency, as a count; DevLake and Four Keys make classes of the days "
                "with one.",
                counted="Every deployment once, of whatever service.",
                not_counted="Other environments; failed and cancelled ones; deployments by machines in which no change "
                "is known.",
                limits="Who deploys for others has their deployments. Small steps make many.",
                source=SOURCE,
                protection=COUNTED,
                not_for=PERSON,
            ),
        ),
        *percentiles(
            "change_lead_time_hours",
            "lead_seconds",
            (AUTHOR, DEPLOYER),
            median=Meaning(
                question="How long does a typical change take from its first commit to production?",
                formula="Median of hours from the first commit to the end of the first successful production "
                "deployment that holds the change.",
                definition="DORA's change lead time, from version control to production; of changes, where Four Keys "
                "has commits and Middleware a sum of mean stages.",
                counted="Changes that reached production in the period; held: named by the deployment, else merged to "
                "the default branch no later than the deployed merge commit.",
                not_counted=f"{BASELINE}changes whose dates contradict each other.",
                limits="A first commit older than 90 days before the change was opened counts as 90 days. Shown from "
                "{events} deployments on, as the number of changes is not published.",
                source=SOURCE,
                protection=PERCENTILE,
                not_for=PERSON,
            ),
            question="Within which time do {share} changes get from their first commit to production?",
            formula="p{percent} of hours from the first commit to the end of the first deployment that holds it.",
        ),
        percentile(
            "deploy_wait_hours",
            0.5,
            "wait_seconds",
            (AUTHOR, DEPLOYER),
            Meaning(
                question="How long does a typical change wait for production after its merge?",
                formula="Median of hours from the merge to the end of the first successful production deployment that "
                "holds the change.",
                definition="DevLake's PR deploy time; Middleware's ends with the next run on the branch, whether or "
                "not it holds the change.",
                counted="The changes behind change_lead_time_hours_p50, of which this is the last stage.",
                not_counted=f"{BASELINE}changes whose deployment is dated before their merge.",
                limits="Nights and weekends count. Medians do not add up to that of the whole. Where one person "
                "deploys for a team it is not shown: it would be that person's rhythm.",
                source=SOURCE,
                protection=PERCENTILE,
                not_for=PERSON,
            ),
        ),
        percentile(
            "recovery_time_hours",
            0.5,
            "recovery_seconds",
            (DEPLOYER, MENDER, RESPONDER),
            Meaning(
                question="How long does a failure in production typically last?",
                formula="Median of hours from the end of the failed deployment to the resolution of its last incident, "
                "or, without one, to the end of the deployment that mends it.",
                definition="DORA's failed deployment recovery time, from the deployment's end; Middleware's begins "
                "with the incident.",
                counted="Failures that were over in the period.",
                not_counted="Failures that are not over; incidents that no deployment is blamed for.",
                limits="Few failures in most teams: expect it for groups and the organisation. Where one person "
                "mends or answers for a team it is not shown; files of events do not say who answered.",
                source=SOURCE,
                protection=PERCENTILE,
                not_for=PERSON,
            ),
        ),
        rate(
            "change_fail_rate_pct",
            "is_failed",
            (DEPLOYER,),
            _rates(
                "Which share of the deployments failed in production?",
                f"100 x deployments that failed / deployments. Failed: {BLAMED}.",
                "DORA's change fail rate; without a word of the cause DevLake and Middleware blame the last "
                "deployment, however long ago it was, and of whichever service.",
                "Blame by time hits the wrong deployment now and then: failure_linked_rate_pct tells how much is told.",
            ),
        ),
        rate(
            "deployment_rework_rate_pct",
            "is_rework",
            (DEPLOYER,),
            _rates(
                "Which share of the deployments was rework after a failure?",
                "100 x deployments that mend another, or hold reverts alone / deployments.",
                "DORA's deployment rework rate: deployments that nobody had planned, because of an incident.",
                "Unplanned work that nobody marks is not seen. It has nothing to do with rewritten lines of code, "
                "which LinearB calls rework.",
            ),
        ),
        rate(
            "change_linked_rate_pct",
            "is_linked",
            (AUTHOR,),
            _rates(
                "For which share of the changes does the deployment itself say that they are in it?",
                "100 x changes named by their deployment / changes that reached production.",
                TOLD,
                "The others are inferred by the order of merges, which a forced push can upset.",
            ),
        ),
        rate(
            "failure_linked_rate_pct",
            "is_told",
            (DEPLOYER,),
            _rates(
                "For which share of the failed deployments is the failure told, not inferred?",
                "100 x failed deployments that an incident or a mending deployment names / failed deployments.",
                TOLD,
                "Shown where failures are many.",
            ),
        ),
    ),
)
