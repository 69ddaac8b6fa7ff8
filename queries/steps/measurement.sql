-- Records of the laboratory parameter $paramcd that count as measurements: observed values, each
-- once, with one kind of baseline, unless $with_derived, $with_repeats or $only_flagged say
-- otherwise; without values beyond a limit where $limits = 'excluded'.
-- Grain: record. Unit: AVAL and BASE in the parameter's unit; ADY in study days (there is no day
-- 0). after_rescue: from the first day of a rescue therapy until $rescue_days days after its last
-- one; a therapy without a last day is ongoing.
with rescued as (
    select distinct
        record.USUBJID,
        record.ADY
    from record
    inner join rescue
        on
            record.USUBJID = rescue.USUBJID
            and record.ADY >= rescue.rescue_from
            and record.ADY <= coalesce(rescue.rescue_to + $rescue_days, record.ADY)
)

select
    record.USUBJID,
    record.AVISIT,
    record.AVISITN,
    record.ADY,
    record.AVAL,
    record.AVALC,
    record.BASE,
    record.ABLFL,
    record.ATPT,
    record.ATPTN,
    record.is_below_limit,
    record.is_above_limit,
    record.is_scheduled,
    rescued.USUBJID is not null as after_rescue,
    record.group_label,
    record.group_order
from record
left join rescued
    on
        record.USUBJID = rescued.USUBJID
        and record.ADY = rescued.ADY
where
    not record.is_missing
    and not record.is_other_baseline
    and not record.is_other_time
    and not ($limits = 'excluded' and (record.is_below_limit or record.is_above_limit))
    and ($with_derived or not record.is_derived)
    and ($with_repeats or not record.is_repeat)
    and (not $only_flagged or record.is_flagged)
