-- Every value of a laboratory parameter over time, for the lines of individual patients.
-- Grain: record. Unit: point_value in the unit of $measure; AVAL and BASE in that of the parameter;
-- ADY in study days.
-- $axis = 'visit': one value per patient and scheduled visit, slot = AVISITN.
-- $axis = 'day': every record on its study day, slot = ADY.
with by_visit as (
    select
        USUBJID,
        group_label,
        group_order,
        slot,
        AVISITN,
        AVISIT,
        ADY,
        AVAL,
        AVALC,
        BASE,
        point_value,
        after_rescue,
        ATPT,
        ATPTN
    from point
    where $axis = 'visit'
),

by_day as (
    select
        USUBJID,
        group_label,
        group_order,
        cast(ADY as double) as slot,
        AVISITN,
        AVISIT,
        ADY,
        AVAL,
        AVALC,
        BASE,
        case $measure
            when 'change' then AVAL - BASE
            when 'fold' then AVAL / nullif(BASE, 0)
            else AVAL
        end as point_value,
        after_rescue,
        ATPT,
        ATPTN
    from measurement
    where
        $axis = 'day'
        and ADY is not null
)

select *
from by_visit
union all by name
select *
from by_day
where point_value is not null
order by group_order, group_label, USUBJID, slot, AVISITN, ATPTN, AVAL
