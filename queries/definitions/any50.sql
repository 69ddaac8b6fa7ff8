-- One row per selected patient. Grain: USUBJID. Unit: onset in study days, measure in 10^9/L.
--
-- order = 20
-- label = "Any count ≥ 50"
-- words = """
-- Response: at least one platelet count ≥ 50 after the first infusion, not confirmed (overall
-- response as in the fostamatinib programme). Counts after rescue are excluded."""
-- evaluable = "at least one count outside rescue windows"
-- measure = "highest count outside rescue windows (10^9/L)"
with patients as (
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
    patients.highest is not null as evaluable,
    coalesce(patients.highest >= 50, false) as responder,
    cast(null as boolean) as complete,
    patients.first_response as onset,
    patients.highest as measure
from population
left join patients using (USUBJID)
