"""Every kind of change has its sentence."""

from actionstudio.apps.replay import wording
from actionstudio.core.judging.reasons import KINDS_OF_REASON


def test_there_is_a_sentence_for_every_kind():
    assert set(wording.SENTENCES) == set(KINDS_OF_REASON)
    for kind in KINDS_OF_REASON:
        text = wording.change({"kind": kind, "path": "$.total", "was": "number", "now": "string"})
        assert text.endswith(".") and "%(" not in text


def test_the_sentence_says_what_became_of_what():
    said = wording.change({"kind": "type", "path": "$.total", "was": "number", "now": "string"})
    assert f"{wording.calls(38)}: {said}" == "38 calls: $.total became a string."
