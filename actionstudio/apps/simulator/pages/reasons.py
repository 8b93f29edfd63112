"""Why the scripted model chose as it did, in sentences: what it tells stands in ``Reply.why`` (core/scripted)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.web.telling import told

LONGEST = 60  # characters of a word that are shown
BY = {  # why["by"] but "words", which has more to tell
    "script": lazy("the script “%(script)s” says so"),
    "question": lazy("the answer to its question for %(asked)s"),
    "answer": lazy("the answer to its question"),
    "again": lazy("the call before, with something changed"),
}


def because(why: Mapping[str, Any]) -> str:
    """The choice in words, with what came next; "" when nothing is known of it."""
    by = why.get("by", "")
    if by in BY:
        names = {"script": why.get("script", ""), "asked": ", ".join(why.get("asked") or ())}
        said = str(BY[by]) % names
    elif "chosen" not in why:
        return ""
    else:
        said = _by_words(why)
    if why.get("missing"):
        said += "; " + _("asked for %(names)s") % {"names": ", ".join(why["missing"])}
    if why.get("alike"):
        said += "; " + _("%(names)s fits as well, the last call decided") % {"names": ", ".join(why["alike"])}
    after = why.get("runner_up")
    if after and not why.get("near") and not why.get("alike"):
        names = {"name": after.get("operation") or after.get("name", ""), "score": _score(after)}
        said += "; " + _("runner-up %(name)s (%(score)s)") % names
    if cut := why.get("cut"):
        said += "; " + _("it read %(read)s of %(of)s characters") % {
            name: number_format(cut[name], force_grouping=True) for name in ("read", "of")
        }
    return said


def _by_words(why: Mapping[str, Any]) -> str:
    words = ", ".join(f"“{Truncator(word).chars(LONGEST)}”" for word in why.get("words") or ())
    if why.get("near"):
        return _("these are near each other: %(names)s") % {"names": ", ".join(why["near"])}
    if not why.get("chosen"):
        return _nothing(why)
    if not words:
        return _("the best match (%(score)s)") % {"score": _score(why)}
    return _("matches %(words)s (%(score)s)") % {"words": words, "score": _score(why)}


def _nothing(why: Mapping[str, Any]) -> str:
    """Nothing was chosen: how near the nearest came, and how near it would have had to come."""
    said = _("no operation fits well enough") + (f" ({_score(why)})" if "score" in why else "")
    if why.get("least"):
        said += "; " + _("one is called from %(score)s on") % {"score": number_format(why["least"], 2)}
    return said


def _score(of: Mapping[str, Any]) -> str:
    score = of.get("score")
    return number_format(score, 2) if isinstance(score, int | float) else "–"


def guessed(why: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(argument, where its value comes from) of those that the person did not say."""
    found = why.get("guessed")
    return [(str(name), str(told(how) or "")) for name, how in found.items()] if isinstance(found, Mapping) else []
