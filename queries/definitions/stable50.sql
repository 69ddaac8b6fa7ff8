-- One row per selected patient. Grain: USUBJID. Unit: onset in study days, measure in visits.
-- label: Stable: ≥ 50 at four of six late visits
-- words: Stable response: a count ≥ 50 at four or more of the six biweekly visits late in the study ($late_visits). A count after rescue does not count as ≥ 50.
-- evaluable: a count at four or more of the six visits
-- measure: late visits with a count ≥ 50
with visits as (
    select
        USUBJID,
        AVISITN,
        min(ADY) as visit_day,
        bool_or(AVAL >= 50 and not after_rescue) as is_response
    from assessed_count
    where
        is_scheduled
        and list_contains($late_visits, AVISITN)
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
)

select
    population.USUBJID,
    coalesce(spans.n_visits >= 4, false) as evaluable,
    coalesce(spans.n_response >= 4, false) as responder,
    cast(null as boolean) as complete,
    if(spans.n_response >= 4, spans.first_response, null) as onset,
    cast(spans.n_response as double) as measure
from population
left join spans using (USUBJID)
