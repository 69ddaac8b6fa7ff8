-- Every record of the laboratory parameter $paramcd of the selected patients, classified.
-- Grain: record. Unit: AVAL and BASE in the parameter's unit; ADY in study days (there is no day
-- 0). is_scheduled: at a numbered visit that is not called unscheduled. is_derived: DTYPE is set.
-- is_repeat: the same value on the same day is recorded at another visit as well, as in an "end of
-- treatment" row that repeats the last visit; the record at the earliest scheduled visit is not a
-- repeat, nor is a baseline (ABLFL). is_flagged: ANL01FL = 'Y'.
-- is_below_limit, is_above_limit: AVAL is the limit itself ("<10", ">1000"). With $limits = 'half'
-- a value below a limit is half of it, and so is a baseline below a limit; with 'excluded' such a
-- baseline is missing (which values are then left out is said in the step measurement).
-- is_other_baseline: BASETYPE is not $basetype (null: there is only one kind of baseline).
-- is_other_time: ATPT is there and is not $time_point (null: any time point of the day).
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
        coalesce(adlb.ANL01FL = 'Y', false) as is_flagged,
        coalesce(adlb.LLOQFL = 'Y', false) as is_below_limit,
        coalesce(adlb.ULOQFL = 'Y', false) as is_above_limit,
        coalesce(coalesce(adlb.BASETYPE, '') != $basetype, false) as is_other_baseline,
        coalesce(adlb.ATPT != $time_point, false) as is_other_time,
        coalesce(
            bool_or(adlb.ABLFL = 'Y' and adlb.LLOQFL = 'Y' and adlb.AVAL = adlb.BASE) over (
                partition by adlb.USUBJID, adlb.BASETYPE
            ),
            false
        ) as is_base_below_limit
    from adlb
    inner join population using (USUBJID)
    where adlb.PARAMCD = $paramcd
)

select
    * exclude (AVAL, BASE),
    if($limits = 'half' and is_below_limit, AVAL / 2, AVAL) as AVAL,
    case
        when not is_base_below_limit then BASE
        when $limits = 'half' then BASE / 2
        when $limits = 'limit' then BASE
    end as BASE,
    not is_missing
    and not is_baseline
    and ADY is not null
    and AVISITN is not null
    and row_number() over (
        partition by
            USUBJID, ADY, AVAL, coalesce(DTYPE, ''), coalesce(BASETYPE, ''), coalesce(ATPT, '')
        order by is_scheduled desc, AVISITN asc nulls last
    ) > 1 as is_repeat
from classified
