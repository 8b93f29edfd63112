"""Where very long words may break on a page."""

import json
import random
import time

import pytest
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

from actionstudio.apps.web.softening import LONG, STEP, soft


def test_a_very_long_word_may_break_everywhere_and_others_nowhere():
    assert soft("A" * 32_000).count("<wbr>") == 1_999
    assert soft("A" * 32_000).replace("<wbr>", "") == "A" * 32_000
    assert soft("word " * 5_000) == "word " * 5_000
    assert soft("A" * (LONG - 1)) == "A" * (LONG - 1)


def test_no_tag_entity_or_letter_is_cut_in_two():
    href = f'<a href="https://x.test/{"a" * 900}">'
    assert soft("<b>" + "&" * LONG).replace("<wbr>", "") == "&lt;b&gt;" + "&amp;" * LONG
    found = soft(mark_safe(f"{href}{'&amp;' * LONG}</a>"))
    assert found.startswith(href) and set(found.removeprefix(href)[:-4].split("<wbr>")) == {"&amp;" * STEP}
    assert soft("e\u0301" * LONG).split("<wbr>")[0] == "e\u0301" * STEP


@pytest.mark.parametrize("letter", ["語", "한", "ก", "😀"])
def test_scripts_that_break_by_themselves_are_left_alone(letter):
    assert soft(letter * 5_000) == letter * 5_000


LIST = json.dumps(
    [{"id": n, "name": f"Pet {n}".replace(" ", "_"), "tag": "dog"} for n in range(5)], separators=(",", ":")
)


def took(text):
    """The processor's time, as other work on the machine does not count."""
    start = time.thread_time()
    assert soft(text).replace("<wbr>", "") == conditional_escape(text)
    return time.thread_time() - start


@pytest.mark.parametrize(
    "text",
    [
        LIST,
        LIST * 500,
        '"' * (LONG - 1),
        "&quot;" * (LONG - 1),
        mark_safe("&quot;" * (LONG - 1) + " x"),
        mark_safe("&" * 100_000),
        mark_safe("&a" * 100_000),
        mark_safe("&" + "a" * 200_000),
        mark_safe("<" * 200_000),
        mark_safe("<b" * 100_000),
        "e" + "\u0301" * 200_000,
        ("a" * (LONG - 1) + " ") * 500,
    ],
    ids=lambda text: text[:12],
)
def test_no_text_takes_longer_than_its_length(text):
    assert took(text) < 1


def test_nor_does_any_that_chance_makes():
    chance = random.Random(7)
    for _ in range(400):
        signs = chance.sample(["&", "&quot;", '"', "&#", "a", ";", "1", "\u0301", "<", ">", " ", "語", "{", "é"], 4)
        text = "".join(chance.choices(signs, k=chance.choice([30, LONG, 3_000])))
        assert took(text) < 0.5 and took(mark_safe(text)) < 0.5
