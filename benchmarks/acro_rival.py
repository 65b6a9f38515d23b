"""AI-SDC's acro on the same work, run by an interpreter that has it: `python acro_rival.py people.csv` prints JSON.

The columns are group, team, block, amount; a line a person. Two tables, as an analyst would ask for them: teams by
block, and groups by block, each with its margins, each checked and suppressed by acro with the thresholds of Quorum.
"""

import json
import logging
import sys
import time
import warnings

logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")
THRESHOLDS = {"safe_threshold": 5, "safe_nk_n": 1, "safe_nk_k": 0.5, "safe_pratio_p": 0.2}


def main(path: str) -> None:
    """Both tables, and the seconds that they took."""
    import pandas as pd
    from acro import ACRO

    people = pd.read_csv(path)
    begun = time.perf_counter()
    session = ACRO(suppress=True)
    session.config.update(THRESHOLDS)
    found = {}
    for level in ("team", "group"):
        table = session.crosstab(people[level], people["block"], values=people["amount"], aggfunc="sum", margins=True)
        cells = table.stack().dropna()
        found[level] = [[unit, block, float(value)] for (unit, block), value in cells.items() if block != "All"]
    print(json.dumps({"seconds": time.perf_counter() - begun, "tables": found}))


if __name__ == "__main__":
    main(sys.argv[1])
