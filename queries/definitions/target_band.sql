-- One row per selected patient. Grain: USUBJID. Unit: onset in study days, measure in percent.
--
-- order = 70
-- label = "Counts inside the target band 50–400"
-- words = """
-- Counts inside the target band: half or more of the attended scheduled visits after the first
-- infusion have a count from 50 to 400. A count after rescue does not count as inside. The
-- threshold of one half is this app's, not a published one."""
-- evaluable = "four or more attended visits"
-- measure = "percent of the attended visits with a count inside 50–400"
with patients as (
    select
        USUBJID,
        count(distinct AVISITN) as n_visits,
        count(distinct AVISITN) filter (
            where AVAL between 50 and 400 and not after_rescue
        ) as n_inside,
        min(visit_day) filter (where AVAL between 50 and 400 and not after_rescue) as first_inside,
        n_visits >= 4 and 2 * n_inside >= n_visits as is_response
    from visit_count
    group by USUBJID
)

select
    population.USUBJID,
    coalesce(patients.n_visits >= 4, false) as evaluable,
    coalesce(patients.is_response, false) as responder,
    cast(null as boolean) as complete,
    if(patients.is_response, patients.first_inside, null) as onset,
    cast(100.0 as double) * patients.n_inside / patients.n_visits as measure
from population
left join patients using (USUBJID)
