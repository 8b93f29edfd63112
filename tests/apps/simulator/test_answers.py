"""Markdown of a model becomes plain HTML, and never anything that acts."""

import re

import pytest

from actionstudio.apps.simulator.pages import answers


def test_markdown_becomes_paragraphs_lists_code_tables_and_links():
    made = answers.html(
        "# Orders\n\nTwo **open** ones:\n\n- `A-1`\n- [A-2](https://a.test/2)\n\n```\nx < 1\n```\n\n|a|\n|-|\n|1|"
    )
    assert "<h3>Orders</h3>" in made and "<strong>open</strong>" in made and "<code>A-1</code>" in made
    assert "<pre><code>x &lt; 1\n</code></pre>" in made and "<td>1</td>" in made
    assert 'href="https://a.test/2"' in made and 'rel="noopener noreferrer nofollow"' in made


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![spy](https://spy.test/x.png)",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "<a href='https://a.test' onclick='x()'>a</a>",
        "<form action=/x><input name=q></form>",
        '[x](https://a.test "onmouseover=alert(1)")',
        "</div></main><iframe src=//spy.test>",
        "<https://a.test/<style>>",
    ],
)
def test_nothing_in_a_text_can_act(text):
    made = answers.html(text)
    assert not re.search(r"<(script|img|iframe|form|input|style|div|svg|object)|<[^>]*\son\w+=", made)
    assert not re.search(r'href="(?!https?:|mailto:)', made)


def test_a_text_that_is_still_being_written_is_shown_as_far_as_it_goes():
    assert answers.html("So:\n\n```json\n{").startswith("<p>So:</p>\n<pre><code>{")


@pytest.mark.parametrize(
    ("text", "words"),
    [("![a <cat>](http://a.test/1.png)", "a &lt;cat&gt;"), ("![](http://a.test/1.png)", "http://a.test/1.png")],
)
def test_a_picture_is_a_link_to_it(text, words):
    made = answers.html(text)
    assert made.startswith('<p><a href="http://a.test/1.png"') and f">{words}</a></p>" in made
    assert "<img" not in made and "!" not in made
