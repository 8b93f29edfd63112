"""What became of prompts, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from actionstudio.apps.simulator.models import PromptOutcome
from actionstudio.core.prompting.scoring import Miss

Verdict = PromptOutcome.Verdict


def verdict(code: str) -> str:
    """A verdict's name."""
    return VERDICTS[code]() if code in VERDICTS else _("waiting")


def kind(code: str) -> str:
    """What a kind of prompt is called."""
    return KINDS[code]() if code in KINDS else code


def sentences(outcome: PromptOutcome) -> list[str]:
    """Why an outcome did not pass."""
    found = [sentence(one) for one in outcome.judged.misses] if outcome.judged else []
    return [outcome.error, *found] if outcome.error else found


def sentence(miss: Miss) -> str:
    """One reason as a sentence."""
    values: Mapping[str, str] = {
        "operation": miss.operation,
        "argument": miss.argument,
        "expected": miss.expected,
        "found": miss.found or _("nothing"),
    }
    return MISSES[miss.code]() % values


VERDICTS = {
    Verdict.PASSED: lambda: _("passed"),
    Verdict.FAILED: lambda: _("failed"),
    Verdict.ERROR: lambda: _("error"),
    Verdict.SKIPPED: lambda: _("skipped"),
}
KINDS = {
    "direct": lambda: _("Direct"),
    "indirect": lambda: _("Indirect"),
    "negative": lambda: _("Negative"),
}
MISSES = {
    "missing": lambda: _("%(operation)s was not called."),
    "wrong": lambda: _("%(found)s was called instead of %(operation)s."),
    "extra": lambda: _("%(operation)s was called, and nobody expected it."),
    "forbidden": lambda: _("%(operation)s was called, which it must not."),
    "unknown": lambda: _("%(operation)s was called, and there is no such operation."),
    "order": lambda: _("The calls came in another order: %(found)s instead of %(expected)s."),
    "argument": lambda: _("%(operation)s: expected %(argument)s to be %(expected)s; found %(found)s."),
    "undeclared": lambda: _("%(operation)s: nobody expected the argument %(argument)s (%(found)s)."),
    "syntax": lambda: _("%(operation)s: the arguments are no JSON: %(found)s"),
    "gone": lambda: _("ChatGPT has no operation called %(operation)s."),
    "consent": lambda: _("%(operation)s: is the user asked to confirm? Expected: %(expected)s; found: %(found)s."),
}
