"""Visits to the app without a browser: through the page shell, as a session runs it."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import orjson
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.testing.v1 import AppTest

from components.build import Built, build, figure
from components.figure_link import answer
from components.options.option import parse
from components.screen.pages import PageFile, page_files
from components.screen.server import SCRIPT
from data.study import Study
from queries.engine.selection import Selection

ROOT = Path(__file__).resolve().parents[2]
APP = str(SCRIPT)
SECONDS = 60
PAGES = {file.url_path: file for file in page_files()}
LANDING = next(iter(PAGES))
FIGURES = {name: file.url_path for file in page_files() for name in file.figures}


@lru_cache(maxsize=1)
def _registered() -> Any:
    """The pages as AppTest knows them after a run; it opens no page before it knows them."""
    return AppTest.from_file(APP, default_timeout=SECONDS).run()._registered_pages


def plain(text: str) -> str:
    """Markdown as a reader sees it: what was escaped, as it was written."""
    bare = re.sub(r":[a-z-]+-badge\[(.*)\]", r"\1", text)
    bare = re.sub(r"(?<!\\)\*\*", "", bare)
    return re.sub(r"\\(.)", r"\1", bare)


class Visit:
    """A session that opens a page with parameters, as a link does; nothing may fail on the way."""

    def __init__(self, page: str = LANDING, **params: str) -> None:
        self.at = AppTest.from_file(APP, default_timeout=SECONDS)
        self.page = PAGES[page]
        if page != LANDING:
            self.at._registered_pages = _registered()
            self.at.switch_page(str(self.page.path))
        self.at.query_params = {name.replace("_", "-"): text for name, text in params.items()}
        self.run()

    def run(self) -> Visit:
        """Run the page once more; an error on it is a failure."""
        self.at.run()
        assert [error.value for error in self.at.exception] == []
        return self

    def open(self, params: dict[str, str]) -> Visit:
        """Open a link to the same page in the same session."""
        self.at.query_params = dict(params)
        return self.run()

    def follow(self, page: str) -> Visit:
        """Go to another page by the link in the menu, parameters and all."""
        title = PAGES[page].title
        (link,) = [link.proto for link in self.elements("page_link") if link.proto.label == title]
        self.page = PAGES[page]
        self.at.switch_page(str(self.page.path))
        self.at.query_params = dict(parse_qsl(link.query_string))
        return self.run()

    @property
    def address(self) -> dict[str, str]:
        """What stands in the address beside the study, which is always named."""
        words = {name: text for name, text in self.at.query_params.items() if name != "study"}
        assert self.at.query_params["study"], "the address names no study"
        return words

    @property
    def study(self) -> str:
        """The study that the address names."""
        return str(self.at.query_params["study"])

    @property
    def who(self) -> str:
        """The line that says who is selected."""
        (line,) = [text for text in self.markdown if re.match(r"\d+ of \d+ patients · ", text)]
        return line

    @property
    def markdown(self) -> list[str]:
        """The texts on the page as a reader sees them."""
        return [plain(item.value) for item in self.at.markdown]

    @property
    def warnings(self) -> list[str]:
        """The warnings on the page as a reader sees them."""
        return [plain(item.value) for item in self.at.warning]

    def labels(self, kind: str) -> list[str]:
        """The labels of all elements of a kind."""
        return [str(item.proto.label) for item in self.elements(kind)]

    def elements(self, kind: str) -> list[Any]:
        """All elements of a kind that AppTest has no list for."""
        return list(self.at.get(kind))

    def components(self, name: str) -> list[Any]:
        """The components of a name, as they are sent to the browser."""
        return [
            item.proto
            for item in self.elements("bidi_component")
            if item.proto.component_name == name
        ]

    @property
    def charts(self) -> dict[str, dict[str, Any]]:
        """Figure -> the chart as the browser gets it, by the link that it is sent."""
        charts = {}
        for proto in self.components("explorer_chart"):
            data = json.loads(proto.json)
            screen = (1920, 1080) if data["fills"] else None
            answered = answer(data["name"], data["words"], screen)
            assert answered.status == 200, answered.body
            body = json.loads(answered.body)
            words = {name: body[name] for name in ("alt", "file_name")}
            charts[data["name"]] = body["plotly"] | words
        return charts

    @property
    def controls(self) -> dict[str, dict[str, Any]]:
        """Every control that is offered, by the word of the address that it writes."""
        offered = {}
        for proto in self.components("explorer_controls"):
            for control in json.loads(proto.json)["controls"]:
                inside = control["controls"] if control["kind"] == "group" else [control]
                offered.update({item["key"]: item for item in inside})
        return offered

    def choose(self, key: str, value: Any) -> Visit:
        """Choose in a control ("filter:sex", "option:group") or a widget, and let the page run."""
        name = re.sub(r"^(filter|option):", "", key)
        if name in self.controls:
            (proto,) = [
                proto
                for proto in self.components("explorer_controls")
                if f'"key": "{name}"' in proto.json
            ]
            words = json.loads(proto.json)["words"] | {name: _text(self.controls[name], value)}
            return self.send(proto, "chosen", {word: text for word, text in words.items() if text})
        for widget in self.at.selectbox:
            if widget.key == key:
                widget.set_value(value)
                return self.run()
        raise AssertionError(f"there is no {key}")

    def send(self, proto: Any, event: str, value: Any) -> Visit:
        """Let a component say something once, as the browser would."""
        states = self.at._tree.get_widget_states()
        state = states.widgets.add()
        state.id = _make_trigger_id(proto.id, "events")
        state.json_trigger_value = json.dumps([{"event": event, "value": value}])
        self.at._run(states)
        assert [error.value for error in self.at.exception] == []
        return self

    def press(self, key: str) -> Visit:
        """Press a button."""
        self.at.button(key=key).click()
        return self.run()

    def unfold(self, kind: str, name: str) -> Visit:
        """Open "Table" or "How this was made" of a figure."""
        self.at.session_state[f"{kind}-{name}"] = True
        return self.run()

    def click(self, name: str, mark: dict[str, Any]) -> Visit:
        """Click a mark of a figure: what the chart sends back is set as it would come."""
        (proto,) = [
            proto
            for proto in self.components("explorer_chart")
            if json.loads(proto.json)["name"] == name
        ]
        data = json.loads(proto.json)
        words = {word: text for word, text in data["words"].items() if word in data["names"]}
        self.at.session_state[f"chart-{name}"] = {"mark": {"mark": mark, "words": words}}
        return self.run()


def _text(control: dict[str, Any], value: Any) -> str:
    """What the browser says when this is chosen; nothing for the default, as `controls.js` does."""
    if control["kind"] == "range":
        whole = value == (control["low"], control["high"])
        return "" if whole else f"{value[0]:g}-{value[1]:g}"
    if isinstance(value, list):
        bars = control.get("bars") or any("," in part for part in value)
        return ("|" if bars else ",").join(sorted(value))
    if value == control.get("default"):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def title(chart: dict[str, Any]) -> str:
    """Title and subtitle of a chart."""
    return re.sub(r"<[^>]*>", " ", str(chart["layout"]["title"]["text"]))


def built(study: Study, name: str, selection: Selection, options: dict[str, str]) -> Built:
    """The figure that belongs to a selection and options, of which it takes its own."""
    chosen, _ = parse(figure(name).options, study, options)
    return build(study, name, selection, chosen)


def shows(chart: dict[str, Any], figure: Built) -> bool:
    """Whether a chart is that figure: its data, title and annotations."""
    ours = json.loads(orjson.dumps(figure.plotly, option=orjson.OPT_SERIALIZE_NUMPY))
    return bool(
        chart["data"] == ours["data"]
        and chart["layout"]["title"]["text"] == ours["layout"]["title"]["text"]
        and chart["layout"]["annotations"] == ours["layout"]["annotations"]
        and chart["alt"] == figure.alt
    )


def pages_with_figures() -> list[PageFile]:
    """The pages that show figures."""
    return [file for file in PAGES.values() if file.figures]
