-- Kinds of baseline by laboratory parameter, the one of most patients first.
-- Grain: PARAMCD and BASETYPE ('' where it is missing). Unit: n_patients with a value, n_records.
select
    PARAMCD,
    coalesce(BASETYPE, '') as BASETYPE,
    count(distinct USUBJID) as n_patients,
    count(*) as n_records
from adlb
where
    AVAL is not null
    and PARAMCD is not null
group by all
order by PARAMCD asc, n_patients desc, n_records desc, BASETYPE asc
