-- Values of the time course, placed on the axis. Grain: patient and slot. Unit: that of $measure.
-- $axis = 'visit': the slot is AVISITN of a scheduled visit (of any visit, $with_unscheduled); the
-- last record of the visit by study day represents it.
-- $axis = 'day': the slot is the week of the study day, counted from day 1, or the middle of a
-- window of $window weeks; the record nearest to it represents it, scheduled or not.
-- Of records on one day, the one with the highest AVISITN is taken, then the earliest time point of
-- the day (ATPTN), then the highest value.
-- $measure: 'count' (AVAL), 'change' (AVAL - BASE) or 'fold' (AVAL / BASE).
with placed as (
    select
        *,
        ADY - if(ADY > 0, 1, 0) as days_since_start,
        if(
            $axis = 'visit',
            AVISITN,
            cast(round(days_since_start / cast(7 * $window as double)) as integer) * $window
        ) as slot,
        case $measure
            when 'change' then AVAL - BASE
            when 'fold' then AVAL / nullif(BASE, 0)
            else AVAL
        end as point_value
    from measurement
    where $axis = 'day' or is_scheduled or $with_unscheduled
),

ranked as (
    select
        *,
        row_number() over (
            partition by USUBJID, slot
            order by
                if($axis = 'visit', 0, abs(days_since_start - 7 * slot)) asc,
                ADY desc nulls last,
                AVISITN desc nulls last,
                ATPTN asc nulls last,
                AVAL desc
        ) as slot_rank
    from placed
    where
        point_value is not null
        and slot is not null
)

select *
from ranked
where slot_rank = 1
