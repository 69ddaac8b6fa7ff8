-- Laboratory parameters of the study. Grain: PARAMCD. Unit: patients with a value.
select
    PARAMCD,
    coalesce(min(PARAM), PARAMCD) as PARAM,
    count(distinct USUBJID) as n_patients
from adlb
where AVAL is not null
group by PARAMCD
order by PARAMCD
