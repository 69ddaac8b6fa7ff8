-- Selected patients by dose and phase. Grain: dose and phase.
-- Unit: patients; n_patients of the n_all in the analysis set are selected.
-- grid_patient: one row per patient of the analysis set with dose, phase and whether selected.
select
    row_label,
    min(row_order) as row_order,
    column_label,
    min(column_order) as column_order,
    count(*) filter (where is_selected) as n_patients,
    count(*) as n_all
from grid_patient
group by row_label, column_label
order by row_order, row_label, column_order, column_label
