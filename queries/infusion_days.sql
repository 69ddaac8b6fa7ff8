-- Days on which the treatment was given to the selected patients.
-- Grain: study day. Unit: study days, patients.
select
    adex.ASTDY as infusion_day,
    count(distinct adex.USUBJID) as n_patients
from adex
semi join population using (USUBJID)
where adex.ASTDY is not null
group by infusion_day
order by infusion_day
