-- Counts of the attended scheduled visits by which response is assessed.
-- Grain: count; a visit may have several. Unit: 10^9/L and study days; visit_day is the first day
-- of the visit. Counts after rescue are kept and marked: such a visit is an attended one.
select
    USUBJID,
    AVISITN,
    min(ADY) over (partition by USUBJID, AVISITN) as visit_day,
    ADY,
    AVAL,
    after_rescue
from assessed_count
where is_scheduled
