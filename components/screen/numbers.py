"""The Numbers page: the reconciliation, the sources, the checksums, and what is simulated."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from components.escape import csv_text, markdown_text
from components.screen import store
from data.study import Study


def page(study: Study) -> None:
    """Everything by which the numbers of a study can be checked; filters do not act here."""
    st.title("Numbers")
    st.caption("Of the whole study; filters do not act on this page.")
    _reconciliation(study)
    _source(study)
    _files(study)


def _reconciliation(study: Study) -> None:
    st.header("Published and computed")
    found = store.reconciliation(study)
    if found is None:
        st.info(
            f"{study.id} has no facts.toml. Write one into its folder to have its published "
            "numbers checked here; docs/data.md shows how."
        )
        return
    agreeing = sum(fact.agrees for fact in found.facts)
    derived = sum(fact.status == "derived" for fact in found.facts)
    said = f"**{agreeing} of {len(found.facts)}** published numbers agree with the data files" + (
        f" ({derived} of them derived from others)." if derived else "."
    )
    (st.success if agreeing == len(found.facts) else st.error)(said)
    table = pd.DataFrame(
        {
            "number": [fact.of for fact in found.facts],
            "published": [fact.published for fact in found.facts],
            "computed": [fact.computed for fact in found.facts],
            "agrees": ["✓ yes" if fact.agrees else "✗ NO" for fact in found.facts],
            "status": [fact.status for fact in found.facts],
            "source": [fact.source for fact in found.facts],
            "id": [fact.id for fact in found.facts],
        }
    )
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
    st.caption("published: read in the source. derived: arithmetic on published numbers.")
    st.download_button(
        "CSV",
        csv_text(table).encode("utf-8-sig"),
        f"{study.id}_numbers.csv",
        "text/csv",
        on_click="ignore",
    )
    with st.expander(
        "How each number is computed", on_change="rerun", key="fact-queries"
    ) as making:
        if making.open:
            for fact in found.facts:
                st.caption(f"{markdown_text(fact.id)}: {markdown_text(fact.of)}")
                st.code(fact.sql, language="sql")
    if found.not_public:
        st.header("Not public, and so simulated")
        st.markdown(
            "\n".join(f"- {markdown_text(sentence)}" for sentence in found.not_public)
            + "\n\nNothing the app shows of these comes from the trial."
        )


def _source(study: Study) -> None:
    st.header("Sources")
    lines = {
        "Publication": study.citation,
        "DOI": study.doi,
        "Registration": study.registration,
        "Data cut": study.data_cut,
        "Simulated": study.simulated,
        "Baseline": study.baseline_rule,
    }
    st.markdown(
        "\n".join(f"- **{name}:** {markdown_text(text)}" for name, text in lines.items() if text)
    )


def _files(study: Study) -> None:
    st.header("Data files")
    st.dataframe(
        pd.DataFrame(
            [
                {
                    "file": file.name,
                    "rows": file.rows,
                    "bytes": file.size,
                    "written": datetime.fromtimestamp(file.written, UTC).isoformat(
                        timespec="seconds"
                    ),
                    "SHA-256": file.checksum,
                }
                for file in store.data_files(study)
            ]
        ),
        hide_index=True,
        key="data-files",
        alt="Data files with rows and checksums",
    )
