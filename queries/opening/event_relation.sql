-- What adverse events are called related by, and how they are graded, for the check of study.toml.
-- Grain: AEREL. Unit: events; n_grade and n_severity: those with a grade, and with a severity.
select
    AEREL,
    count(*) as n_events,
    count(AETOXGR) as n_grade,
    count(nullif(trim(AESEV), '')) as n_severity
from adae
group by all
order by AEREL
