"""Text made harmless: nothing acts where it goes, and nothing of it is lost."""

from __future__ import annotations

import csv
import html
import io
import random
import re
from typing import Any

import pandas as pd
import pytest

from components.escape import csv_text, file_name, markdown_text, plotly_text
from tests.support import drawing
from tests.support.tiny import HOSTILE_CLASS, HOSTILE_SITE, HOSTILE_TERM

HOSTILE = (
    HOSTILE_TERM,
    HOSTILE_CLASS,
    HOSTILE_SITE,
    "<script>alert(1)</script>",
    "<a href='javascript:x'>y</a>",
    "a &lt;b&gt; &amp; c",
    "[x](https://example.org) ![y](z)",
    "**bold** _it_ ~~no~~ `code`",
    "# head",
    "- item\n1. item\n> quote",
    ":red[x] :material/home: $x^2$ $$y$$",
    "| a | b |\n| - | - |",
    "\\*not\\*",
    "",
)


def random_text(source: random.Random) -> str:
    letters = "ab 1é<>&;'\"\\*_`[](){}#+-.!|~:$%=@^/,?\n"
    return "".join(source.choice(letters) for _ in range(source.randint(0, 20)))


RANDOM = [random_text(drawing.seeded(seed)) for seed in range(300)]


def test_plotly_text_holds_no_tag_and_no_entity_of_its_own() -> None:
    for text in [*HOSTILE, *RANDOM]:
        escaped = plotly_text(text)
        assert "<" not in escaped
        assert ">" not in escaped
        assert re.sub(r"&(amp|lt|gt|#37);", "", escaped).count("&") == 0
        assert html.unescape(escaped) == text


def test_plotly_text_is_no_template() -> None:
    """Hover texts fill in %{...} from the data of the trace; a name must not."""
    assert "%{" not in plotly_text("%{customdata[0]} 50%{x} %%{y}")


def test_plotly_text_takes_anything() -> None:
    assert plotly_text(12) == "12"
    assert plotly_text("Fever ≥ 38 °C") == "Fever ≥ 38 °C"


# Parentheses act only after a bracket, which is escaped.
ACTING = set("\\`*_{}[]#+-.!|~:$<>&")


def test_markdown_text_puts_a_backslash_before_all_that_acts() -> None:
    for text in [*HOSTILE, *RANDOM]:
        pairs = re.findall(r"\\(.)|(.)", markdown_text(text), re.DOTALL)
        assert all(bare not in ACTING for _, bare in pairs if bare)
        assert "".join(escaped + bare for escaped, bare in pairs) == text


def test_markdown_text_leaves_plain_words_alone() -> None:
    assert markdown_text("Prior splenectomy") == "Prior splenectomy"


# --- CSV -------------------------------------------------------------------------------------


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_runs_no_formula(first: str) -> None:
    attack = f'{first}HYPERLINK("http://x","y")'
    frame = pd.DataFrame({attack: [attack, "plain"], "n": [1, 2]})
    header, one, two = cells(csv_text(frame))
    assert header == ["'" + attack, "n"]
    assert one == ["'" + attack, "1"]
    assert two == ["plain", "2"]


@pytest.mark.parametrize("kind", ["object", "string", "category"])
def test_csv_makes_every_kind_of_text_safe(kind: str) -> None:
    frame = pd.DataFrame({"a": pd.Series(["=1+1", None, "b"], dtype=kind)})
    assert [row[0] if row else "" for row in cells(csv_text(frame))] == ["a", "'=1+1", "", "b"]


def test_csv_leaves_numbers_and_missing_values_alone() -> None:
    frame = pd.DataFrame(
        {"mean": [-1.5, None], "n": [-3, 4], "flag": [True, False], "mixed": [-2, "-2"]}
    )
    assert cells(csv_text(frame)) == [
        ["mean", "n", "flag", "mixed"],
        ["-1.5", "-3", "True", "-2"],
        ["", "4", "False", "'-2"],
    ]


def test_csv_holds_any_text_whole_and_changes_no_frame() -> None:
    texts = [*HOSTILE, *RANDOM, 'a "quoted", cell\nof two lines', "é ≥ 東"]
    frame = pd.DataFrame({"text": texts})
    before = frame.copy()
    read = [row[0] if row else "" for row in cells(csv_text(frame))[1:]]
    assert [item.removeprefix("'") if item[1:2] in set("=+-@") else item for item in read] == texts
    pd.testing.assert_frame_equal(frame, before)


def test_csv_of_an_empty_table_has_its_header() -> None:
    assert csv_text(pd.DataFrame({"a": [], "b": []})) == "a,b\n"


# --- file names ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("S-1", "response-rate", "dose-2.0"), "S-1_response-rate_dose-2.0"),
        (("a", "", "b"), "a_b"),
        (("../../etc/passwd",), "etc-passwd"),
        ((".hidden",), "hidden"),
        (('x";rm -rf *',), "x-rm--rf"),
        (("GPIIb/IIIa", "a b\tc\n"), "GPIIb-IIIa_a-b-c"),
        (("C:\\con",), "C-con"),
        ((), ""),
    ],
)
def test_file_name(parts: tuple[str, ...], expected: str) -> None:
    assert file_name(*parts) == expected


def test_file_name_is_always_one_short_name() -> None:
    given: list[Any] = [*HOSTILE, *RANDOM, "x" * 500]
    for text in given:
        name = file_name("S", text, text)
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name)
        assert len(name) <= 120
