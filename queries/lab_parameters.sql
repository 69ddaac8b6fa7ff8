-- Laboratory parameters of the study. Grain: PARAMCD. Unit: patients with a value.
-- By convention PARAM ends with the unit in parentheses; where it does not, AVALU is added,
-- provided that all records of the parameter have the same.
with named as (
    select
        PARAMCD,
        coalesce(min(PARAM), PARAMCD) as PARAM,
        if(count(distinct AVALU) = 1, min(AVALU), null) as AVALU,
        count(distinct USUBJID) as n_patients
    from adlb
    where AVAL is not null
    group by PARAMCD
)

select
    PARAMCD,
    if(AVALU is null or PARAM like '%)', PARAM, concat(PARAM, ' (', AVALU, ')')) as PARAM,
    n_patients
from named
order by PARAMCD
