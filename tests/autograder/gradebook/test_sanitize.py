"""What a student's code displays runs nothing and asks for nothing in the browser of whoever looks at it."""

from __future__ import annotations

import base64
import re
import time
from html.parser import HTMLParser
from typing import Any

import pytest
from nbformat import NotebookNode

from autograder.gradebook import rendering
from autograder.gradebook.outputs import REPORT, sanitize_outputs
from autograder.gradebook.sanitize import sanitize_html

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" java\nscript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<iframe src="https://example.org"></iframe>',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    '<object data="https://example.org"></object><embed src="//example.org">',
    '<img src="https://example.org/seen.png">',
    '<img srcset="https://example.org/seen.png 1x">',
    '<p style="background:url(https://example.org/seen.png)">x</p>',
    '<p style="background-color:red;position:fixed;top:0">x</p>',
    "<style>@import url(https://example.org)</style>",
    '<link rel="stylesheet" href="https://example.org/a.css">',
    '<meta http-equiv="refresh" content="0;url=https://example.org">',
    '<base href="https://example.org/">',
    '<form action="https://example.org"><input name="q"><button>x</button></form>',
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    '<video src="https://example.org/v" autoplay onplay=alert(1)></video>',
    "<p id=top name=body>x</p>",
    "<ScRiPt SRC=//example.org></sCrIpT>",
    "<script>" + "alert(1)",
    "<details ontoggle=alert(1) open>x</details>",
    '<img src="data:image/svg+xml;utf8,<svg onload=alert(1)>">',
]


TAGS_THAT_ACT = """ script iframe object embed style link meta base form input button svg video math noscript """


class Acting(HTMLParser):
    """Collects what would act in a page: tags, handlers, addresses and styles. Text that is only shown does not."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        if tag in [
            "script",
            "iframe",
            "object",
            "embed",
            "style",
            "link",
            "meta",
            "base",
            "form",
            "input",
            "button",
            "svg",
            "video",
            "math",
            "noscript",
        ]:
            self.found.append(tag)
        for name, value in attrs:
            text = (value or "").lower()
            if name.startswith("on") or name in ("id", "name", "srcset", "srcdoc", "action", "background"):
                self.found.append(name)
            if name == "href" and not text.startswith(("http://", "https://", "mailto:", "#")):
                self.found.append(text)
            if name == "src" and text and not re.match("data:image/[a-z+]+;base64,", text):
                self.found.append(text)
            if name == "style" and re.search("url|position|import|expression", text):
                self.found.append(text)


def acting(html: str) -> list[str]:
    """Return what in a piece of HTML would act."""
    parser = Acting()
    parser.feed(html)
    return parser.found


def test_the_search_finds_what_acts() -> None:
    """Each hostile example acts as long as it is not cleaned, so the tests below can fail."""
    assert [html for html in HOSTILE if not acting(html)] == []


@pytest.mark.parametrize("html", HOSTILE)
def test_html_keeps_nothing_that_acts(html: str) -> None:
    """No script, no handler, no request, no element that could cover or imitate the page."""
    assert acting(sanitize_html(html)) == []


@pytest.mark.parametrize("html", HOSTILE)
def test_text_cells_keep_nothing_that_acts(html: str) -> None:
    """HTML in Markdown is cleaned after it was rendered."""
    assert acting(markdown(f"# Title\n\nText {html} text\n\n{html}\n")) == []


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "![x](https://example.org/seen.png)",
        "&#91;x](javascript:alert(1))",
        "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
        "```mermaid\n</pre><script>alert(1)</script>\n```",
        "$$<script>alert(1)</script>$$",
    ],
)
def test_markdown_itself_makes_nothing_that_acts(text: str) -> None:
    """Links and pictures written in Markdown follow the same rules as in HTML."""
    assert acting(markdown(text)) == []


def markdown(text: str, **attachments: dict[str, str]) -> str:
    """Render a text cell as the pages do."""
    [done] = rendering.render([{"cell_type": "markdown", "source": text, "attachments": attachments}])
    return str(done["html"])


def test_ordinary_html_stays() -> None:
    """Tables, links and emphasis are what people display; they come through."""
    html = '<table><tr><th scope="row">a</th><td style="color:red">1</td></tr></table><a href="https://docs.docker.com">b</a>'
    assert sanitize_html(html).replace("<tbody>", "").replace("</tbody>", "") == html


def test_an_attached_picture_is_shown_and_a_missing_one_is_no_error() -> None:
    """nbconvert stops the whole page at a missing attachment."""
    assert 'src="data:image/png;base64,aGk="' in markdown("![p](attachment:p)", p={"image/png": "aGk="})
    assert "<img" in markdown("![p](attachment:gone)")


def test_a_drawing_is_a_picture_that_cannot_act() -> None:
    """SVG is shown from an <img>, where a browser runs no script and loads nothing; alone or inside HTML."""
    svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><title>a &lt;b&gt;</title></svg>"
    data = {"image/svg+xml": svg}, {"text/html": f"<div>{svg}</div>"}
    for [output] in (sanitize_outputs([display(one)]) for one in data):
        page = output.data["text/html"]
        assert f'src="data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"' in sanitize_html(page)
        assert 'alt="a &lt;b&gt;"' in page
        assert acting(page) == []


def test_of_an_output_only_what_a_page_can_show_is_kept() -> None:
    """Scripts, widgets, LaTeX and unknown types go; the report and the plain text stay."""
    data = {
        "application/javascript": "alert(1)",
        "application/vnd.jupyter.widget-view+json": {"model_id": "x"},
        "text/latex": r"\href{javascript:alert(1)}{x}",
        "text/plain": "plain",
        REPORT: {"exercise": "a"},
    }
    [output] = sanitize_outputs([display(data, metadata={"text/html": {"isolated": True}})])
    assert output.data == {"text/plain": "plain", REPORT: {"exercise": "a"}}
    assert output.metadata == {}


def test_outputs_of_any_shape_are_no_error() -> None:
    """What comes back from a sandbox is data; where it is not what it should be, it is left out or made text."""
    strange: list[Any] = [
        {"output_type": "update_display_data"},
        {"output_type": "stream", "text": ["a", "b"]},
        {"output_type": "error", "ename": 7},
        display({"image/png": "<script>"}),
        display({"image/png": "aGk="}),
        display({"text/html": ["<b>", 7, "</b>"]}),
    ]
    cleaned = sanitize_outputs([NotebookNode(output) for output in strange])
    assert [output.output_type for output in cleaned] == ["stream", "error", *["display_data"] * 3]
    assert [output.get("data") for output in cleaned[2:]] == [
        {},
        {"image/png": "aGk="},
        {"text/html": "<b>7</b>"},
    ]


ATTRIBUTES = "".join(f"<b class=c{number}>" for number in range(200))


@pytest.mark.parametrize(
    "html",
    [
        "<b>" * 60_000,
        "<table>" * 30_000,
        "<a" * 100_000,
        "<!--" * 100_000,
        "<p>x" * 100_000,
        ATTRIBUTES + "<p>x" * 5_000,
        "<b></i>" * 50_000,
        "<svg>" * 50_000,
    ],
    ids=[
        "nested",
        "tables",
        "half tags",
        "comments",
        "unclosed",
        "formatted again in every paragraph",
        "wrong ends",
        "drawings",
    ],
)
def test_cleaning_never_takes_long(html: str) -> None:
    """Nested and broken tags in every output of a notebook cannot keep the grader busy."""
    started = time.process_time()
    outputs = sanitize_outputs([display({"text/html": html, "text/plain": "plain"})] * 20)
    markdown(html)
    assert [output.data["text/plain"] for output in outputs] == ["plain"] * 20
    assert time.process_time() - started < 30


def test_a_large_table_is_shown() -> None:
    """The bound is on work, not on size: ordinary pages of some hundred kilobytes pass."""
    table = "<table>" + "<tr><td>1</td><td>2</td></tr>" * 4000 + "</table>"
    [output] = sanitize_outputs([display({"text/html": table})])
    assert output.data["text/html"].count("<td>") == 8000


def display(data: dict[str, Any], **more: Any) -> NotebookNode:
    """A display_data output."""
    return NotebookNode({"output_type": "display_data", "data": data, "metadata": {}} | more)
