"""The options of a page's figures as widgets; an option two figures share is asked for once."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components.escape import markdown_text
from components.options.option import Spec, parse, specs
from components.screen import address, store
from components.view import View
from data.study import Study


def option_bar(study: Study, view: View, names: list[str]) -> None:
    """Draw the options of these figures: the usual ones in a row, the rest behind "More"."""
    found: dict[str, tuple[str, Spec]] = {}
    for figure in names:
        if store.reason_against(study, figure):
            continue
        for name, spec in specs(store.figure(figure).options).items():
            found.setdefault(name, (figure, spec))
    shown = {name: item for name, item in found.items() if _applies(study, view, *item)}
    if not shown:
        return
    with st.container(horizontal=True, key="options", vertical_alignment="bottom"):
        for name, (figure, spec) in shown.items():
            if not spec.more:
                _widget(study, view, figure, name, spec)
        more = {name: item for name, item in shown.items() if item[1].more}
        if more:
            with st.popover("More"):
                for name, (figure, spec) in more.items():
                    _widget(study, view, figure, name, spec)


def _applies(study: Study, view: View, figure: str, spec: Spec) -> bool:
    if spec.kind == "choice" and len(spec.values(study)) < 2:
        return False
    return spec.when is None or spec.when(store.options(study, figure, view))


def _widget(study: Study, view: View, figure: str, name: str, spec: Spec) -> None:
    key = f"option:{name}"
    value = getattr(store.options(study, figure, view), name)
    kind = store.figure(figure).options

    def keep(text: str) -> None:
        options, _ = parse(kind, study, {name: text})
        default, _ = parse(kind, study, {})
        at_default = getattr(options, name) == getattr(default, name)
        address.change(address.now().with_option(name, None if at_default else text))

    helped: Any = {"help": spec.help or None}
    if spec.kind == "choice":
        values = spec.values(study)
        st.session_state[key] = value

        def picked() -> None:
            keep(st.session_state[key] or value)

        common: Any = {"key": key, "on_change": picked, **helped}
        if spec.prominent:
            # Its labels are Markdown; those of a select box are plain text.
            st.segmented_control(
                spec.name(study),
                list(values),
                required=True,
                format_func=lambda item: markdown_text(values[item]),
                **common,
            )
        else:
            longest = max(map(len, values.values()))
            st.selectbox(
                spec.name(study),
                list(values),
                width=min(330, 62 + 9 * longest),
                format_func=lambda item: values[item],
                **common,
            )
    elif spec.kind == "several":
        st.session_state[key] = list(value)
        st.multiselect(
            spec.name(study),
            list(spec.values(study)),
            key=key,
            width=420,
            placeholder="None",
            on_change=lambda: keep("|".join(st.session_state[key])),
            **helped,
        )
    elif spec.kind == "flag":
        st.session_state[key] = value
        st.toggle(
            spec.name(study),
            key=key,
            on_change=lambda: keep(str(st.session_state[key]).lower()),
            **helped,
        )
    elif spec.kind == "number":
        whole = isinstance(value, int)
        number = int if whole else float
        st.session_state[key] = value
        st.number_input(
            spec.name(study),
            number(spec.low),
            number(spec.high),
            step=number(spec.step),
            key=key,
            width=170,
            on_change=lambda: keep(f"{st.session_state[key]:g}"),
            **helped,
        )
    else:
        st.session_state[key] = value
        st.text_input(
            spec.name(study),
            key=key,
            max_chars=80,
            width=220,
            placeholder=markdown_text(spec.help),
            on_change=lambda: keep(st.session_state[key].strip()),
        )
