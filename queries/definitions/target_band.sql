-- One row per selected patient. Grain: USUBJID. Unit: onset in study days, measure in percent.
-- label: Counts inside the target band 50–400
-- words: Counts inside the target band: half or more of the attended scheduled visits after the first infusion have a count from 50 to 400. A count after rescue does not count as inside. The cut at half is this app's, not a published one.
-- evaluable: four or more attended visits
-- measure: percent of the attended visits with a count inside 50–400
with visits as (
    select
        USUBJID,
        AVISITN,
        min(ADY) as visit_day,
        bool_or(AVAL between 50 and 400 and not after_rescue) as is_inside
    from assessed_count
    where is_scheduled
    group by all
),

spans as (
    select
        USUBJID,
        count(*) as n_visits,
        count(*) filter (where is_inside) as n_inside,
        min(visit_day) filter (where is_inside) as first_inside
    from visits
    group by USUBJID
),

judged as (
    select
        *,
        n_visits >= 4 and 2 * n_inside >= n_visits as is_response
    from spans
)

select
    population.USUBJID,
    coalesce(judged.n_visits >= 4, false) as evaluable,
    coalesce(judged.is_response, false) as responder,
    cast(null as boolean) as complete,
    if(judged.is_response, judged.first_inside, null) as onset,
    cast(100.0 as double) * judged.n_inside / judged.n_visits as measure
from population
left join judged using (USUBJID)
