"""One option of a figure as a widget: which one depends on the kind of option."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from components.escape import markdown_text
from components.options.option import Spec, parse
from components.screen import address, store
from components.view import View
from data.study import Study


@dataclass(frozen=True)
class OptionWidget:
    """An option of a figure, and what the view says of it."""

    study: Study
    view: View
    figure: str
    name: str
    spec: Spec

    @property
    def key(self) -> str:
        """The widget's key in the session."""
        return f"option:{self.name}"

    @property
    def label(self) -> str:
        """What the widget is called."""
        return self.spec.name(self.study)

    @property
    def is_offered(self) -> bool:
        """Whether there is something to choose, under the options that are chosen."""
        if self.spec.kind == "choice" and len(self.spec.values(self.study)) < 2:
            return False
        return self.spec.when is None or self.spec.when(self._options)

    @property
    def value(self) -> Any:
        """What the view has chosen."""
        return getattr(self._options, self.name)

    @property
    def _options(self) -> Any:
        return store.options(self.study, self.figure, self.view)

    def keep(self, text: str) -> None:
        """Put a choice, as the address writes it, into the view; a default is left out."""
        kind = store.figure(self.figure).options
        options, _ = parse(kind, self.study, {self.name: text})
        defaults, _ = parse(kind, self.study, {})
        at_default = getattr(options, self.name) == getattr(defaults, self.name)
        address.change(address.now().with_option(self.name, None if at_default else text))


def draw(widget: OptionWidget) -> None:
    """Draw the widget; what is chosen in it becomes the view."""
    value = widget.value
    st.session_state[widget.key] = list(value) if widget.spec.kind == "several" else value
    match widget.spec.kind:
        case "choice" if widget.spec.prominent:
            _segments(widget, value)
        case "choice":
            _select_box(widget, value)
        case "several":
            _multiselect(widget)
        case "flag":
            _toggle(widget)
        case "number":
            _number(widget, int if isinstance(value, int) else float)
        case _:
            _text(widget)


def _chosen(widget: OptionWidget) -> Any:
    return st.session_state[widget.key]


def _segments(widget: OptionWidget, value: str) -> None:
    values = widget.spec.values(widget.study)
    st.segmented_control(
        widget.label,
        list(values),
        key=widget.key,
        required=True,
        # Its labels are Markdown; those of a select box are plain text.
        format_func=lambda item: markdown_text(values[item]),
        on_change=lambda: widget.keep(_chosen(widget) or value),
        help=widget.spec.help or None,
    )


def _select_box(widget: OptionWidget, value: str) -> None:
    values = widget.spec.values(widget.study)
    st.selectbox(
        widget.label,
        list(values),
        key=widget.key,
        width=min(330, max(62 + 9 * max(map(len, values.values())), 9 * len(widget.label))),
        format_func=lambda item: values[item],
        on_change=lambda: widget.keep(_chosen(widget) or value),
        help=widget.spec.help or None,
    )


def _multiselect(widget: OptionWidget) -> None:
    st.multiselect(
        widget.label,
        list(widget.spec.values(widget.study)),
        key=widget.key,
        width=420,
        placeholder="None",
        on_change=lambda: widget.keep("|".join(_chosen(widget))),
        help=widget.spec.help or None,
    )


def _toggle(widget: OptionWidget) -> None:
    st.toggle(
        widget.label,
        key=widget.key,
        on_change=lambda: widget.keep(str(_chosen(widget)).lower()),
        help=widget.spec.help or None,
    )


def _number(widget: OptionWidget, number: type[int] | type[float]) -> None:
    st.number_input(
        widget.label,
        number(widget.spec.low),
        number(widget.spec.high),
        step=number(widget.spec.step),
        key=widget.key,
        width=170,
        on_change=lambda: widget.keep(f"{_chosen(widget):g}"),
        help=widget.spec.help or None,
    )


def _text(widget: OptionWidget) -> None:
    st.text_input(
        widget.label,
        key=widget.key,
        max_chars=80,
        width=220,
        placeholder=markdown_text(widget.spec.help),
        on_change=lambda: widget.keep(_chosen(widget).strip()),
    )
