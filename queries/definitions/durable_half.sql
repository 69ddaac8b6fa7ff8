-- One row per selected patient. Grain: USUBJID. Unit: onset in study days, measure in percent.
--
-- order = 50
-- label = "Durable: ≥ 50 at half of the follow-up visits"
-- words = """
-- Durable response: a count ≥ 50 at half or more of the attended scheduled visits after the first
-- infusion. A count after rescue does not count as ≥ 50."""
-- evaluable = "four or more attended visits"
-- measure = "percent of the attended visits with a count ≥ 50 outside rescue windows"
with patients as (
    select
        USUBJID,
        count(distinct AVISITN) as n_visits,
        count(distinct AVISITN) filter (where AVAL >= 50 and not after_rescue) as n_response,
        min(visit_day) filter (where AVAL >= 50 and not after_rescue) as first_response,
        n_visits >= 4 and 2 * n_response >= n_visits as is_response
    from visit_count
    group by USUBJID
)

select
    population.USUBJID,
    coalesce(patients.n_visits >= 4, false) as evaluable,
    coalesce(patients.is_response, false) as responder,
    cast(null as boolean) as complete,
    if(patients.is_response, patients.first_response, null) as onset,
    cast(100.0 as double) * patients.n_response / patients.n_visits as measure
from population
left join patients using (USUBJID)
