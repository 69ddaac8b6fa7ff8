"""Names and units of laboratory parameters, as different sponsors write them."""

from __future__ import annotations

import pytest

from data.parameter_name import labelled, name_and_unit


@pytest.mark.parametrize(
    ("label", "name", "unit"),
    [
        ("Platelets (10^9/L)", "Platelets", "10^9/L"),
        ("Platelets(10^9/L)", "Platelets", "10^9/L"),
        ("WHO bleeding grade", "WHO bleeding grade", ""),
        ("T cells (CD4) (%)", "T cells (CD4)", "%"),
        ("Platelets (manual) count", "Platelets (manual) count", ""),
        ("Platelets (x 10^9/L)", "Platelets", "x 10^9/L"),
        ("Leucocytes (10^3 cells/uL)", "Leucocytes", "10^3 cells/uL"),
        ("Mean corpuscular volume (fL)", "Mean corpuscular volume", "fL"),
        ("Mean corpuscular haemoglobin (fmol(Fe))", "Mean corpuscular haemoglobin", "fmol(Fe)"),
        ("Bilirubin (direct)", "Bilirubin (direct)", ""),
        ("Bilirubin (direct) (umol/L)", "Bilirubin (direct)", "umol/L"),
        ("Anti-HBs (surface antibody, IgG)", "Anti-HBs (surface antibody, IgG)", ""),
        ("血小板数 (10^4/uL)", "血小板数", "10^4/uL"),
        ("(10^9/L)", "(10^9/L)", ""),
        ("Platelets 10^9/L)", "Platelets 10^9/L)", ""),
        ("", "", ""),
    ],
)
def test_name_and_unit_of_a_parameter(label: str, name: str, unit: str) -> None:
    assert name_and_unit(label) == (name, unit)


@pytest.mark.parametrize(
    "label",
    [
        "Platelet (GI/L) change from previous visit, relative to normal range",
        "Platelet (GI/L) change from previous visit (relative to normal range)",
    ],
)
def test_parentheses_within_a_name_are_no_unit(label: str) -> None:
    assert name_and_unit(label) == (label, "")


@pytest.mark.parametrize(
    ("name", "unit", "expected"),
    [
        ("Platelets", "10^9/L", "Platelets (10^9/L)"),
        ("Platelets (GI/L)", "10^9/L", "Platelets (GI/L)"),
        ("Bilirubin (direct)", "umol/L", "Bilirubin (direct) (umol/L)"),
        ("Platelet (GI/L) change from baseline", "GI/L", "Platelet (GI/L) change from baseline"),
        ("Ratio", "", "Ratio"),
    ],
)
def test_a_label_states_its_unit_once(name: str, unit: str, expected: str) -> None:
    assert labelled(name, unit) == expected
