"""Which of two published sums of a row is the larger, in a word, as SQL: from the gate's own values of both.

Over a quarter of the other makes a difference, counted in whole numbers. It rests on what is published beside it, so
there is nobody to test for.
"""

from expectations.measures import TRENDS

PLACES = {word: place for place, word in enumerate(TRENDS)}
TREND = f"""
select a.period_start, a.unit_id, '{{column}}' as column_name,
    (case
        when 4 * a.value > 5 * b.value then {PLACES["grows"]}
        when 4 * b.value > 5 * a.value then {PLACES["shrinks"]}
        else {PLACES["steady"]}
    end)::double as value
from gate_sums as a
join gate_sums as b on b.period_start = a.period_start and b.unit_id = a.unit_id
where a.column_name = '{{evidence}}' and b.column_name = '{{against}}'
"""
