-- Laboratory parameters of the study. Grain: PARAMCD. Unit: patients with a value.
-- PARAM ends in the unit in parentheses; where it does not, AVALU is added, if it is one.
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
