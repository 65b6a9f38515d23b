"""What to do about a finding, in one sentence that needs no value: what to rename, or what to take out."""

from expectations.verdict import Finding

UNIT_COLUMNS = ("unit_id", "unit_name", "team_id", "parent_id")
RENAME = "rename the unit in the roster"
WORDS = {
    "identifier": "its id or name bears somebody's name, login or address; where another word is meant, take one that "
    "nobody bears",
    "pseudonym": "its id or name bears a pseudonym of the vault",
    "unreadable": "",
}
SHAPED = "its id or name looks like an account, an address, a work item, a number or a code"
COLUMNS = {
    "exact_time": "publish no times: take the column out, or a period in its place",
    "epoch": "publish no times: take the column out, or a period in its place",
    "unrounded": "round it, or snap it to the ladder, in the protected model",
    "per_person": "it has about one value a person: take the column out",
    "unreadable": "a column of the candidate cannot be read as text: look at the model",
    "unsearched": "a column of text holds words of its declared domain alone: look at the model",
    "catalogue": "a release has registered tables and columns alone: no view, comment, default, macro, type or index",
    "remains": "rows that are not released left traces in the file: write it anew",
}


def remedy(finding: Finding) -> str:
    """What to do about a finding of the detectors; empty for other rules, whose pages say it."""
    family, _, name = finding.rule.partition(".")
    if family != "detectors" or not finding.count:
        return ""
    if name in COLUMNS:
        return COLUMNS[name]
    if finding.column in UNIT_COLUMNS:
        stem = name.partition("_")[0]
        return f"{RENAME}: {WORDS.get(stem, SHAPED)}"
    if finding.column.startswith("("):
        return "register the column under a plain name, or take it out of the model"
    return "take the text out of the model: a column of text holds words of its declared domain alone"
