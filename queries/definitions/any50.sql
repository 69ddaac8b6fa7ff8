-- One row per selected patient. Grain: USUBJID. Unit: onset in study days, measure in 10^9/L.
-- label: Any count ≥ 50
-- words: Response: at least one platelet count ≥ 50 after the first infusion, not confirmed (overall response as in the fostamatinib programme). Counts after rescue are left out.
-- evaluable: at least one count outside rescue windows
-- measure: highest count outside rescue windows (10^9/L)
with spans as (
    select
        USUBJID,
        max(AVAL) as highest,
        min(ADY) filter (where AVAL >= 50) as first_response
    from assessed_count
    where not after_rescue
    group by USUBJID
)

select
    population.USUBJID,
    spans.highest is not null as evaluable,
    coalesce(spans.highest >= 50, false) as responder,
    cast(null as boolean) as complete,
    spans.first_response as onset,
    spans.highest as measure
from population
left join spans using (USUBJID)
