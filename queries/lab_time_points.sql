-- Time points within a day of the study's platelet counts, in their order.
-- Grain: ATPT. Unit: records with a value; time_order is ATPTN, null where it is missing.
select
    ATPT,
    min(ATPTN) as time_order,
    count(*) as n_records
from adlb
where
    PARAMCD = $paramcd
    and AVAL is not null
    and ATPT is not null
group by ATPT
order by time_order asc nulls last, ATPT asc
