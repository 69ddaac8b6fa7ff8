-- One row per selected patient. Grain: USUBJID. Unit: onset in study days, measure in weeks.
-- label: Cumulative weeks ≥ 50 and ≥ 2 × baseline
-- words: Cumulative weeks with a count ≥ 50 and ≥ 2 × baseline (as for eltrombopag). Each such count stands for the time to the next count, at most 7 days; counts after rescue stand for none. Called a response here from $weeks_needed weeks on: that cut is this app's, not a published one.
-- evaluable: at least one count outside rescue windows, and a baseline
-- measure: cumulative weeks
with timed as (
    select
        USUBJID,
        ADY,
        after_rescue,
        BASE,
        not after_rescue and AVAL >= 50 and AVAL >= 2 * BASE as is_response,
        least(
            coalesce(
                lead(ADY) over (
                    partition by USUBJID
                    order by ADY asc, AVISITN asc nulls first, AVAL asc
                ) - ADY,
                7
            ),
            7
        ) as days
    from assessed_count
),

spans as (
    select
        USUBJID,
        bool_or(not after_rescue and BASE is not null) as evaluable,
        coalesce(sum(days) filter (where is_response), 0) / cast(7.0 as double) as weeks,
        min(ADY) filter (where is_response) as first_response
    from timed
    group by USUBJID
)

select
    population.USUBJID,
    coalesce(spans.evaluable, false) as evaluable,
    coalesce(spans.weeks >= $weeks_needed, false) as responder,
    cast(null as boolean) as complete,
    if(spans.weeks >= $weeks_needed, spans.first_response, null) as onset,
    spans.weeks as measure
from population
left join spans using (USUBJID)
