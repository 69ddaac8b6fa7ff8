"""The landing page: what the trial is, in a few lines, and then its figures."""

from __future__ import annotations

import streamlit as st

from components.escape import markdown_text
from components.screen import figure_page
from components.screen.current import current
from components.wording import unit_text
from data.study import Study


def show() -> None:
    """The introduction, and the figures that the page declares."""
    introduction(current().study)
    figure_page.show()


def introduction(study: Study) -> None:
    """Title, design, doses, schedule, and where it was published."""
    st.title(markdown_text(study.name))
    st.markdown(markdown_text(study.title))
    facts = {name: text for name, text in _facts(study).items() if text}
    if not facts and not study.simulated:
        return
    with st.expander("About the trial", expanded=True, key="about"):
        st.markdown("\n".join(f"- **{name}:** {markdown_text(facts[name])}" for name in facts))
        if study.simulated:
            st.markdown(
                f"**{markdown_text(study.simulated)}.** "
                "No patient-level data of the trial are public."
            )


def _facts(study: Study) -> dict[str, str]:
    """What is known of the trial, by name; empty where it is not."""
    doses = ", ".join(
        dict.fromkeys(str(cohort.dose) for cohort in study.cohorts if cohort.dose is not None)
    )
    return {
        "Design": study.design,
        "Treatment": study.treatment,
        "Doses": f"{doses} × {unit_text(study.dose_unit)}" if doses and study.dose_unit else doses,
        "Schedule": study.schedule,
        "Enrolment": study.enrolment,
        "Site": study.site,
        "Registration": study.registration,
        "Publication": f"{study.citation}. doi:{study.doi}" if study.citation else "",
    }
