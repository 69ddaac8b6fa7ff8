-- Rescue therapies of the selected patients. Grain: therapy. Unit: study days, both ends included;
-- rescue_to is null while the therapy is ongoing. A therapy without a first day is left out.
select
    adcm.USUBJID,
    adcm.CMDECOD,
    adcm.ASTDY as rescue_from,
    adcm.AENDY as rescue_to
from adcm
semi join population using (USUBJID)
where
    adcm.RESCFL = 'Y'
    and adcm.ASTDY is not null
