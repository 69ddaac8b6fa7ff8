-- One row per selected patient. Grain: USUBJID. Unit: onset in study days, measure in percent.
--
-- order = 40
-- label = "Durable: ≥ 50 for two thirds of the last 12 weeks"
-- words = """
-- Durable response: two thirds or more of the scheduled counts of the last 12 weeks (weeks
-- $last_weeks_from to $last_weeks_to) are ≥ 50, and none of them was taken during rescue therapy or
-- in the $rescue_days days after it (as for rilzabrutinib)."""
-- evaluable = "eight or more scheduled counts in the last 12 weeks"
-- measure = "percent of the counts of the last 12 weeks that are ≥ 50"
with patients as (
    select
        USUBJID,
        count(*) as n_counts,
        count(*) filter (where AVAL >= 50) as n_response,
        min(ADY) filter (where AVAL >= 50) as first_response,
        n_counts >= 8
        and 3 * n_response >= 2 * n_counts
        and not bool_or(after_rescue) as is_response
    from visit_count
    where AVISITN between $last_weeks_from and $last_weeks_to
    group by USUBJID
)

select
    population.USUBJID,
    coalesce(patients.n_counts >= 8, false) as evaluable,
    coalesce(patients.is_response, false) as responder,
    cast(null as boolean) as complete,
    if(patients.is_response, patients.first_response, null) as onset,
    cast(100.0 as double) * patients.n_response / patients.n_counts as measure
from population
left join patients using (USUBJID)
