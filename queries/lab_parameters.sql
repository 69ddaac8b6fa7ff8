-- Laboratory parameters of the study. Grain: PARAMCD. Unit: patients with a value.
-- AVALU is the unit of all records of the parameter, null where they have none or several.
select
    PARAMCD,
    coalesce(min(PARAM), PARAMCD) as PARAM,
    if(count(distinct AVALU) = 1, min(AVALU), null) as AVALU,
    count(distinct USUBJID) as n_patients
from adlb
where AVAL is not null
group by PARAMCD
order by PARAMCD
