"""The auditor by other means: what a reader can solve for, by linear programs over all that was ever published.

The defence (merging) and the gate (safety of each atom) reason about atoms. The auditor does not: it takes the numbers
that stand in the published tables, works out what each one says about the people behind it, and lets a solver bound
every contributor. A mistake in the reasoning that both share would show here. `audit.audit` is the verb.
"""
