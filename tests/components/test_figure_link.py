"""A figure by the words of the address: the same figure, or why there is none, in words."""

from __future__ import annotations

import gzip
import json

import orjson
import plotly.graph_objects as go
import pytest

from components.build import build, figures
from components.drawing.scaled import scaled
from components.figure_link import answer
from data.study import Study
from queries.engine.selection import Selection

WORDS = {"study": "NCT04014166"}


@pytest.mark.parametrize("name", figures())
@pytest.mark.parametrize(
    "words",
    [
        {},
        {"dose": "2.0"},
        {"sex": "F", "group": "phase"},
        {"dose": "0.5", "phase": "Dose expansion"},
    ],
)
def test_it_is_the_figure_that_build_makes(
    embedded: Study, name: str, words: dict[str, str]
) -> None:
    selection = Selection()
    for key, text in words.items():
        if key != "group":
            selection = selection.with_choice(key, (text,))
    has_group = "group" in figures()[name].options.__dataclass_fields__
    options = {"group": "phase"} if "group" in words and has_group else {}
    built = build(embedded, name, selection, options)
    found = answer(name, WORDS | words)
    assert found.status == 200
    body = json.loads(found.body)
    assert body["plotly"] == json.loads(
        orjson.dumps(built.plotly, option=orjson.OPT_SERIALIZE_NUMPY)
    )
    assert (body["alt"], body["n"], body["N"]) == (built.alt, built.n, built.n_all)
    assert found.packed is not None
    assert gzip.decompress(found.packed) == found.body
    go.Figure(body["plotly"])


def test_words_in_another_order_are_the_same_answer() -> None:
    one = answer("response_rate", WORDS | {"dose": "2.0", "sex": "F"})
    other = answer("response_rate", {"sex": "F", "dose": "2.0"} | WORDS)
    assert one is other


def test_the_etag_changes_with_what_is_shown() -> None:
    tags = {answer("response_rate", WORDS | words).etag for words in ({}, {"dose": "2.0"})}
    assert len(tags) == 2
    assert answer("response_rate", WORDS).etag in tags


def test_it_fills_a_screen_of_a_given_size(embedded: Study) -> None:
    body = json.loads(answer("response_rate", WORDS, (1920, 1080)).body)
    expected = scaled(build(embedded, "response_rate").plotly, 2.0, 1080)
    assert body["plotly"]["layout"]["height"] == 1080
    assert body["plotly"]["layout"]["title"] == json.loads(json.dumps(expected["layout"]["title"]))


@pytest.mark.parametrize(
    ("name", "words", "status", "why"),
    [
        ("response_rate", {"study": "NONE"}, 404, "no study 'NONE'; there are: NCT04014166"),
        ("no_such", WORDS, 404, "no figure 'no_such'; there are: key_results"),
        ("response_rate", WORDS | {"dose": "7"}, 400, "dose = '7' is not one of 0.5, 1.0, 2.0"),
        ("response_rate", WORDS | {"level": "50"}, 400, "level = '50' is not one of 95, 90, 99"),
        ("response_rate", WORDS | {"x": "1", "dose": "7"}, 400, "dose = '7' is not one of"),
    ],
)
def test_what_cannot_be_answered_is_named(
    name: str, words: dict[str, str], status: int, why: str
) -> None:
    found = answer(name, words)
    assert found.status == status
    assert why in json.loads(found.body)["error"]
    assert found.etag == ""


def test_no_screen_is_too_large_to_be_answered() -> None:
    assert answer("response_rate", WORDS, (20_000, 1080)).status == 400
    assert answer("response_rate", WORDS, (1920, 8)).status == 400
