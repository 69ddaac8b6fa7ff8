-- One row per selected patient. Grain: USUBJID. Unit: onset in study days, measure in visits.
--
-- order = 30
-- label = "Stable: ≥ 50 at four of six late visits"
-- words = """
-- Stable response: a count ≥ 50 at four or more of the six biweekly visits late in the study
-- ($late_visits). A count after rescue does not count as ≥ 50."""
-- evaluable = "a count at four or more of the six visits"
-- measure = "late visits with a count ≥ 50"
with patients as (
    select
        USUBJID,
        count(distinct AVISITN) as n_visits,
        count(distinct AVISITN) filter (where AVAL >= 50 and not after_rescue) as n_response,
        min(visit_day) filter (where AVAL >= 50 and not after_rescue) as first_response
    from visit_count
    where list_contains($late_visits, AVISITN)
    group by USUBJID
)

select
    population.USUBJID,
    coalesce(patients.n_visits >= 4, false) as evaluable,
    coalesce(patients.n_response >= 4, false) as responder,
    cast(null as boolean) as complete,
    if(patients.n_response >= 4, patients.first_response, null) as onset,
    cast(patients.n_response as double) as measure
from population
left join patients using (USUBJID)
