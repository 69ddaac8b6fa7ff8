-- System organ classes of the study's adverse events. Grain: AEBODSYS. Unit: events.
select
    coalesce(AEBODSYS, '(not coded)') as AEBODSYS,
    count(*) as n_events
from reported_event
group by all
order by AEBODSYS
