-- Records of ADAE that stand for an event. Grain: event. Unit: study days.
-- A record with neither a term nor a date says that a patient had no event: some sponsors send one
-- such record for each patient without any.
select *
from adae
where
    nullif(trim(AEDECOD), '') is not null
    or nullif(trim(AETERM), '') is not null
    or nullif(trim(AEBODSYS), '') is not null
    or ASTDY is not null
    or ASTDT is not null
