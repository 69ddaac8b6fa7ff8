-- One row per selected patient. Grain: USUBJID. Unit: onset in study days, measure in percent.
-- label: Durable: ≥ 50 at half of the follow-up visits
-- words: Durable response: a count ≥ 50 at half or more of the attended scheduled visits after the first infusion. A count after rescue does not count as ≥ 50.
-- evaluable: four or more attended visits
-- measure: percent of the attended visits with a count ≥ 50 outside rescue windows
with visits as (
    select
        USUBJID,
        AVISITN,
        min(ADY) as visit_day,
        bool_or(AVAL >= 50 and not after_rescue) as is_response
    from assessed_count
    where is_scheduled
    group by all
),

spans as (
    select
        USUBJID,
        count(*) as n_visits,
        count(*) filter (where is_response) as n_response,
        min(visit_day) filter (where is_response) as first_response
    from visits
    group by USUBJID
),

judged as (
    select
        *,
        n_visits >= 4 and 2 * n_response >= n_visits as is_response
    from spans
)

select
    population.USUBJID,
    coalesce(judged.n_visits >= 4, false) as evaluable,
    coalesce(judged.is_response, false) as responder,
    cast(null as boolean) as complete,
    if(judged.is_response, judged.first_response, null) as onset,
    cast(100.0 as double) * judged.n_response / judged.n_visits as measure
from population
left join judged using (USUBJID)
