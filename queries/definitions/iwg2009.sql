-- One row per selected patient. Grain: USUBJID. Unit: onset in study days, measure in days.
--
-- order = 10
-- label = "IWG 2009 response (R or CR), confirmed"
-- words = """
-- Response (IWG 2009): a count ≥ 30 and ≥ 2 × baseline without bleeding, on at least two occasions
-- ≥ 7 days apart; complete response: ≥ 100 without bleeding, confirmed likewise. Any two such
-- counts confirm each other, regardless of the counts between them. Counts after rescue are
-- excluded."""
-- evaluable = "counts outside rescue windows that span at least 7 days"
-- measure = "days from the first to the last count that meets the response"
with assessed as (
    select
        USUBJID,
        ADY,
        not is_bleeding and AVAL >= 100 as is_complete,
        not is_bleeding and (AVAL >= 100 or (AVAL >= 30 and AVAL >= 2 * BASE)) as is_response
    from assessed_count
    where not after_rescue
),

patients as (
    select
        USUBJID,
        max(ADY) - min(ADY) as days_observed,
        min(ADY) filter (where is_response) as first_response,
        max(ADY) filter (where is_response) - first_response as days_response,
        max(ADY) filter (where is_complete) - min(ADY) filter (where is_complete) as days_complete
    from assessed
    group by USUBJID
)

select
    population.USUBJID,
    coalesce(patients.days_observed >= 7, false) as evaluable,
    coalesce(patients.days_response >= 7, false) as responder,
    coalesce(patients.days_complete >= 7, false) as complete,
    if(patients.days_response >= 7, patients.first_response, null) as onset,
    cast(patients.days_response as double) as measure
from population
left join patients using (USUBJID)
