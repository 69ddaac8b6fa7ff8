-- Every record of the laboratory parameter $paramcd of the selected patients, classified.
-- Grain: record. Unit: AVAL and BASE in the parameter's unit; ADY in study days (there is no day
-- 0). is_scheduled: at a numbered visit that is not called unscheduled. is_derived: DTYPE is set.
-- is_repeat: the same value on the same day is recorded at another visit as well, as in an "end of
-- treatment" row that repeats the last visit; the record at the earliest scheduled visit is not a
-- repeat, nor is a baseline (ABLFL). is_flagged: ANL01FL = 'Y'.
with classified as (
    select
        adlb.*,
        population.group_label,
        population.group_order,
        adlb.AVISITN is not null
        and coalesce(adlb.AVISIT, '') not ilike 'unscheduled%' as is_scheduled,
        coalesce(adlb.DTYPE, '') != '' as is_derived,
        adlb.AVAL is null as is_missing,
        coalesce(adlb.ABLFL = 'Y', false) as is_baseline,
        coalesce(adlb.ANL01FL = 'Y', false) as is_flagged
    from adlb
    inner join population using (USUBJID)
    where adlb.PARAMCD = $paramcd
)

select
    *,
    not is_missing
    and not is_baseline
    and ADY is not null
    and AVISITN is not null
    and row_number() over (
        partition by USUBJID, ADY, AVAL, coalesce(DTYPE, '')
        order by is_scheduled desc, AVISITN asc nulls last
    ) > 1 as is_repeat
from classified
