-- Disposition of the patients. Grain: step. Unit: patients, of the whole study.
-- flow_patient: one row per patient of ADSL and step, with whether the patient is in the step.
select
    step,
    any_value(step_label) as step_label,
    bool_or(is_side) as is_side,
    count(*) filter (where is_in) as n_patients
from flow_patient
group by step
order by step
