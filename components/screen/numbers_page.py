"""The Numbers page: the reconciliation, the sources, the checksums, and what is simulated."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from components.escape import csv_text, markdown_text
from components.screen import store
from components.screen.current import current
from data.study import Study, StudyError
from queries.facts import Reconciliation


def show() -> None:
    """Everything by which the numbers of a study can be checked; filters do not act here."""
    study = current().study
    st.title("Numbers")
    st.caption("The whole study. The filters do not apply to this page.")
    _reconciliation(study)
    _source(study)
    _files(study)


def _reconciliation(study: Study) -> None:
    st.header("Published and computed")
    try:
        reconciliation = store.reconciliation(study)
    except StudyError as error:
        st.error("\n\n".join(map(markdown_text, error.problems)))
        return
    if reconciliation is None:
        st.info(
            f"{study.id} has no facts.toml. Add one to its folder to have its published "
            "numbers checked here; see docs/data.md."
        )
        return
    _agreement(reconciliation)
    _facts_table(study, reconciliation)
    _fact_queries(reconciliation)
    if reconciliation.not_public:
        st.header("Not public, therefore simulated")
        st.markdown(
            "\n".join(f"- {markdown_text(sentence)}" for sentence in reconciliation.not_public)
            + "\n\nNone of the values shown for these come from the trial."
        )


def _agreement(reconciliation: Reconciliation) -> None:
    """The sentence that says how many published numbers agree with the data files."""
    n = len(reconciliation.facts)
    agreeing = sum(fact.agrees for fact in reconciliation.facts)
    derived = sum(fact.status == "derived" for fact in reconciliation.facts)
    sentence = f"**{agreeing} of {n}** published numbers agree with the data files"
    sentence += f" ({derived} of them derived from others)." if derived else "."
    (st.success if agreeing == n else st.error)(sentence)


def _facts_table(study: Study, reconciliation: Reconciliation) -> None:
    facts = reconciliation.facts
    table = pd.DataFrame(
        {
            "number": [fact.of for fact in facts],
            "published": [fact.published for fact in facts],
            "computed": [fact.computed for fact in facts],
            "agrees": ["✓ yes" if fact.agrees else "✗ NO" for fact in facts],
            "status": [fact.status for fact in facts],
            "source": [fact.source for fact in facts],
            "id": [fact.id for fact in facts],
        }
    )
    agreeing = sum(fact.agrees for fact in facts)
    st.dataframe(
        table,
        hide_index=True,
        key="facts",
        height=35 * (len(table) + 1) + 3,
        column_config={
            "number": st.column_config.TextColumn(width=330),
            "published": st.column_config.TextColumn(width=110),
            "computed": st.column_config.TextColumn(width=110),
        },
        alt=f"Published and computed numbers: {agreeing} of {len(table)} agree",
    )
    st.caption("published: read in the source. derived: calculated from published numbers.")
    st.download_button(
        "CSV",
        csv_text(table).encode("utf-8-sig"),
        f"{study.id}_numbers.csv",
        "text/csv",
        on_click="ignore",
    )


def _fact_queries(reconciliation: Reconciliation) -> None:
    with st.expander("How each number is computed", on_change="rerun", key="fact-queries") as box:
        if box.open:
            for fact in reconciliation.facts:
                st.caption(f"{markdown_text(fact.id)}: {markdown_text(fact.of)}")
                st.code(fact.sql, language="sql")


def _source(study: Study) -> None:
    st.header("Sources")
    lines = {
        "Publication": study.citation,
        "DOI": study.doi,
        "Registration": study.registration,
        "Data cut-off": study.data_cut,
        "Simulated": study.simulated,
        "Baseline": study.baseline_rule,
    }
    st.markdown(
        "\n".join(f"- **{name}:** {markdown_text(text)}" for name, text in lines.items() if text)
    )


def _files(study: Study) -> None:
    st.header("Data files")
    rows = [
        {
            "file": file.name,
            "rows": file.rows,
            "bytes": file.size,
            "written": datetime.fromtimestamp(file.written, UTC).isoformat(timespec="seconds"),
            "SHA-256": file.checksum,
        }
        for file in store.data_files(study)
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        key="data-files",
        alt="Data files with rows and checksums",
    )
