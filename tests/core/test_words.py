"""Sentences that remember what they were made of."""

import json
import pickle

from actionstudio.core.words import either, packed, said, said_n, unpacked


def test_a_sentence_is_its_english_text():
    text = said("%(what)s must be %(kind)s", what="tags", kind=said("a list"))
    assert text == "tags must be a list" and json.dumps(text) == '"tags must be a list"'
    assert text.template == "%(what)s must be %(kind)s" and text.values["kind"].template == "a list"


def test_a_number_chooses_its_form():
    assert [said_n("%(n)s item", "%(n)s items", n) for n in (0, 1, 2)] == ["0 items", "1 item", "2 items"]


def test_a_choice_is_listed_in_words():
    assert [either(names) for names in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a or b", "a, b or c"]


def test_the_way_through_another_process_loses_nothing():
    text = said("Line %(line)s: %(message)s", line=3, message=said_n("%(n)s item", "%(n)s items", 2))
    back = unpacked(json.loads(json.dumps(packed(text))))
    assert back == text and back.values["message"].many == "%(n)s items"
    assert packed("plain") == unpacked("plain") == "plain"


def test_a_copy_remembers_too():
    text = said("Add %(name)s.", name="items")
    assert pickle.loads(pickle.dumps(text)).values == {"name": "items"}
