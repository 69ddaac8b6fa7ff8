-- One row per selected patient. Grain: USUBJID. Unit: onset in study days, measure in percent.
-- label: Durable: ≥ 50 for two thirds of the last 12 weeks
-- words: Durable response: a count ≥ 50 at two thirds or more of the scheduled counts of the last 12 weeks (weeks $last_weeks_from to $last_weeks_to), none of which was taken during rescue therapy or in the $rescue_days days after it (as for rilzabrutinib).
-- evaluable: eight or more scheduled counts in the last 12 weeks
-- measure: percent of the counts of the last 12 weeks that are ≥ 50
with spans as (
    select
        USUBJID,
        count(*) as n_counts,
        count(*) filter (where AVAL >= 50) as n_response,
        bool_or(after_rescue) as had_rescue,
        min(ADY) filter (where AVAL >= 50) as first_response
    from assessed_count
    where
        is_scheduled
        and AVISITN between $last_weeks_from and $last_weeks_to
    group by USUBJID
),

judged as (
    select
        *,
        n_counts >= 8 and 3 * n_response >= 2 * n_counts and not had_rescue as is_response
    from spans
)

select
    population.USUBJID,
    coalesce(judged.n_counts >= 8, false) as evaluable,
    coalesce(judged.is_response, false) as responder,
    cast(null as boolean) as complete,
    if(judged.is_response, judged.first_response, null) as onset,
    cast(100.0 as double) * judged.n_response / judged.n_counts as measure
from population
left join judged using (USUBJID)
