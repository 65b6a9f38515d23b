"""`team_code_volume`: lines added and deleted by merged changes, or by commits where git alone is read."""

from expectations.catalogue.families import AUTHOR, amount
from expectations.kinds import Identity, Kind, Measure, Table
from expectations.meanings import COUNTED, OWN, PERSON, TREND, Meaning

TABLE = Table(
    name="team_code_volume",
    mart="mart_code_volume",
    measures=(
        amount(
            Kind.SUM,
            "lines_added",
            "lines",
            AUTHOR,
            Meaning(
                question="How much code was added by people of this unit in the period?",
                formula="Sum of lines added, each change clipped at {change_clip} lines.",
                definition="DevLake's added lines of code, of merged changes; clipped here, and never divided by "
                "heads.",
                counted="Merged pull requests; for repositories read by git alone, commits that are not merges.",
                not_counted="Bots, merge commits, people in no team; whatever exceeds the clips.",
                limits="Generated code and vendored files count. More lines are not more value.",
                source="GitHub pull requests; git history.",
                protection=COUNTED,
                not_for=PERSON,
            ),
        ),
        amount(
            Kind.SUM,
            "lines_deleted",
            "lines",
            AUTHOR,
            Meaning(
                question="How much code was removed by people of this unit in the period?",
                formula="Sum of lines deleted, each change clipped at {change_clip} lines.",
                definition="DevLake's deleted lines of code, of merged changes; clipped here, and never divided by "
                "heads.",
                counted="Merged pull requests; for repositories read by git alone, commits that are not merges.",
                not_counted="Bots, merge commits, people in no team; whatever exceeds the clips.",
                limits="A removal is often the better change, and often one person's: expect rows to be merged or "
                "withheld.",
                source="GitHub pull requests; git history.",
                protection=COUNTED,
                not_for=PERSON,
            ),
        ),
        Measure(
            "net_growth",
            Kind.TREND,
            "VARCHAR",
            "word",
            (AUTHOR,),
            "lines_added",
            against="lines_deleted",
            meaning=Meaning(
                question="Does the code of this unit grow or shrink?",
                formula="grows: lines_added is more than 5/4 of lines_deleted; shrinks: the other way round; else "
                "steady.",
                definition=OWN,
                counted="The published lines_added and lines_deleted of the row, rounded and clipped as they stand.",
                not_counted="Whatever exceeds the clips: a module deleted at one go counts for little.",
                limits="Growing is neither good nor bad. Moved code is added and deleted.",
                source="GitHub pull requests; git history.",
                protection=TREND,
                not_for=PERSON,
            ),
        ),
    ),
    identities=(
        Identity(
            name="net_growth",
            terms=("lines_added", "lines_deleted", "net_growth"),
            reason="A word worked out from the two published sums of the same row: it tells nothing that they do not.",
        ),
    ),
)
