"""What a column holds, as far as publishing is concerned, and why most kinds are stopped.

The kinds of raw columns are declared at the door and handed over as data. Others arise on the way: a duration between
two times, a flag out of a comparison, the quantity of one person out of a sum by person. `PUBLIC` ends in a release as
it is; `ADDED_UP` ends there as part of a sum; nothing else does.
"""

PERSON = "person"
KEY = "key"
SCOPE = "scope"
TIME = "time"
CLOCK = "clock"
NUMBER = "number"
FLAG = "flag"
CATEGORY = "category"
UNIT = "unit"  # an id or a name of the roster's tree, which is published itself
PERIOD = "period"  # a day of the calendar of blocks
DURATION = "duration"
QUANTITY = "quantity"
UNTRACED = "untraced"

PUBLIC = frozenset({CATEGORY, UNIT, PERIOD})
ADDED_UP = frozenset({NUMBER, FLAG, DURATION, QUANTITY})
SINGLING = frozenset({PERSON, KEY, SCOPE, TIME, NUMBER, DURATION, QUANTITY, UNTRACED})  # a group by it may be one thing
DECLARED = PUBLIC | {PERSON, KEY, SCOPE, TIME, CLOCK, NUMBER, FLAG}

REMEDIES = {
    PERSON: "a person is counted, or stands behind a sum of the ledger, and is never shown",
    KEY: "the key of one thing is counted, and never shown",
    SCOPE: "the key of a repository or project is counted, and never shown",
    TIME: "a time is published as its period, or as a duration (seconds_between) on the ladder",
    CLOCK: "the clock of a run decides what is due, and is never shown",
    NUMBER: "a number of one thing is published as part of a sum, or on the ladder",
    FLAG: "a flag of one thing is counted, and never shown",
    DURATION: "a duration is published on the ladder, or as part of a sum",
    QUANTITY: "the quantity of one person or one thing is published as part of a sum, or on the ladder",
    UNTRACED: "what cannot be traced is not published: write it so that it can be",
}
