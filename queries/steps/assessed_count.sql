-- Platelet counts by which response is judged: from $first_day to $last_day, after treatment began.
-- Grain: count. Unit: 10^9/L and study days. A bleeding grade that was not recorded on the day of
-- the count does not disqualify it; counts after rescue are kept and marked.
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
