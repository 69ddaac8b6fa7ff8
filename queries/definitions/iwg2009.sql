-- One row per selected patient. Grain: USUBJID. Unit: onset in study days, measure in days.
-- label: IWG 2009 response (R or CR), confirmed
-- words: Response (IWG 2009): a count ≥ 30 and ≥ 2 × baseline without bleeding, on at least two occasions ≥ 7 days apart; complete response: ≥ 100 without bleeding, confirmed likewise. Any two such counts confirm each other, whatever lies between. Counts after rescue are left out.
-- evaluable: counts outside rescue windows that span at least 7 days
-- measure: days from the first to the last count that meets the response
with judged as (
    select
        USUBJID,
        ADY,
        not is_bleeding and AVAL >= 100 as is_complete,
        not is_bleeding and (AVAL >= 100 or (AVAL >= 30 and AVAL >= 2 * BASE)) as is_response
    from assessed_count
    where not after_rescue
),

spans as (
    select
        USUBJID,
        max(ADY) - min(ADY) as days_seen,
        min(ADY) filter (where is_response) as first_response,
        max(ADY) filter (where is_response) as last_response,
        min(ADY) filter (where is_complete) as first_complete,
        max(ADY) filter (where is_complete) as last_complete
    from judged
    group by USUBJID
)

select
    population.USUBJID,
    coalesce(spans.days_seen >= 7, false) as evaluable,
    coalesce(spans.last_response - spans.first_response >= 7, false) as responder,
    coalesce(spans.last_complete - spans.first_complete >= 7, false) as complete,
    if(spans.last_response - spans.first_response >= 7, spans.first_response, null) as onset,
    cast(spans.last_response - spans.first_response as double) as measure
from population
left join spans using (USUBJID)
