"""The published tables, one module each: what a table's columns are, whose conduct they show, and what they mean.

A column that does not stand here does not publish. A derived table stands behind the one that it rests on.
"""

from expectations.catalogue import bottlenecks, ci, code_volume, delivery, dora, review, tasks, wip

TABLES = (
    delivery.TABLE,
    code_volume.TABLE,
    review.TABLE,
    tasks.TABLE,
    wip.TABLE,
    dora.TABLE,
    ci.TABLE,
    bottlenecks.TABLE,
)
