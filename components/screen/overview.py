"""The introduction of the landing page: what the trial is, in a few lines."""

from __future__ import annotations

import streamlit as st

from components.escape import markdown_text
from components.wording import unit_text
from data.study import Study


def introduction(study: Study) -> None:
    """Title, design, doses, schedule, and where it was published."""
    st.title(markdown_text(study.name))
    st.markdown(markdown_text(study.title))
    facts = {
        "Design": study.design,
        "Treatment": study.treatment,
        "Doses": ", ".join(
            dict.fromkeys(str(cohort.dose) for cohort in study.cohorts if cohort.dose is not None)
        ),
        "Schedule": study.schedule,
        "Enrolment": study.enrolment,
        "Site": study.site,
        "Registration": study.registration,
        "Publication": f"{study.citation}. doi:{study.doi}" if study.citation else "",
    }
    if facts["Doses"] and study.dose_unit:
        facts["Doses"] += f" × {unit_text(study.dose_unit)}"
    if not any(facts.values()) and not study.simulated:
        return
    with st.expander("About the trial", expanded=True, key="about"):
        st.markdown(
            "\n".join(
                f"- **{name}:** {markdown_text(text)}" for name, text in facts.items() if text
            )
        )
        if study.simulated:
            st.markdown(
                f"**{markdown_text(study.simulated)}.** "
                "No patient-level value of the trial is public."
            )
