-- The laboratory visits there are, for the check of what study.toml names.
-- Grain: PARAMCD and AVISITN, of records with a value. Unit: last_day in study days.
select
    PARAMCD,
    AVISITN,
    max(ADY) as last_day
from adlb
where AVAL is not null
group by all
order by
    PARAMCD,
    AVISITN
