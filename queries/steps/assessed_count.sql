-- Platelet counts by which response is assessed: those from $first_day to $last_day.
-- Grain: count. Unit: 10^9/L and study days. A day without a recorded bleeding grade is a day
-- without bleeding; counts after rescue are kept and marked.
with bleeding_day as (
    select
        adlb.USUBJID,
        adlb.ADY,
        max(adlb.AVAL) as bleeding_grade
    from adlb
    where adlb.PARAMCD = $bleeding
    group by all
)

select
    measurement.USUBJID,
    measurement.AVISITN,
    measurement.ADY,
    measurement.AVAL,
    measurement.BASE,
    measurement.is_scheduled,
    measurement.after_rescue,
    coalesce(bleeding_day.bleeding_grade, 0) > 0 as is_bleeding
from measurement
left join bleeding_day using (USUBJID, ADY)
where measurement.ADY between $first_day and $last_day
