-- Concomitant medications of the selected patients, the most frequent first, and whether each is
-- flagged as rescue therapy (RESCFL). Grain: CMDECOD. Unit: patients.
select
    adcm.CMDECOD,
    count(distinct adcm.USUBJID) as n_patients,
    coalesce(bool_or(adcm.RESCFL = 'Y'), false) as is_rescue
from adcm
inner join population using (USUBJID)
where adcm.CMDECOD is not null
group by adcm.CMDECOD
order by n_patients desc, adcm.CMDECOD asc
