-- The values of AEREL, and how the events are graded, for the check of study.toml.
-- Grain: AEREL. Unit: events with a grade (n_grade) and with a severity (n_severity).
select
    AEREL,
    count(AETOXGR) as n_grade,
    count(nullif(trim(AESEV), '')) as n_severity
from adae
group by all
order by AEREL
