"""An inspection as text for people, as JSON, and as SARIF for CI systems."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionstudio import __version__
from actionstudio.apps.gpt import simulating
from actionstudio.apps.gpt.inspecting import Found, Inspection
from actionstudio.apps.gpt.wording import SURE
from actionstudio.apps.web.telling import told
from actionstudio.core import sarif
from actionstudio.core.lint.rule import RULES

LINES = 5  # of one defect, in the text
SEVERITIES = {"fatal": "error", "drops-op": "error", "drops-param": "warning", "degrades": "warning"}
TITLES = {  # of the importer's rules that no check is about
    "DOC-01": "The text is an OpenAPI document.",
    "DOC-02": "“openapi” is 3.1.0 or 3.1.1.",
    "DOC-04": "components.schemas is an object.",
    "DOC-09": "Everything has the structure that the converter expects.",
}

type JSON = Any


def as_text(name: str, inspection: Inspection, advice: bool = False) -> str:
    """Every defect with its place, the editor's lines and what they mean, then the outcome in one sentence."""
    shown = [one for one in inspection.found if advice or one.level != "advice"]
    blocks = ["\n".join(_block(name, one)) for one in shown]
    blocks += [told(problem) for problem in inspection.problems]
    return "\n\n".join([*blocks, _summary(name, inspection, len(inspection.found) - len(shown))]) + "\n"


def _block(name: str, one: Found) -> Iterator[str]:
    place = f"{name}:{one.line}:{one.column}" if one.line else name
    yield f"{place}: {one.level} {one.rule}" + (f" {one.lines[0]}" if one.lines else "")
    yield from (f"  {line}" for line in one.lines[1:LINES])
    if (more := len(one.lines) - LINES) > 0:
        yield "  " + ngettext("and %(n)s more line", "and %(n)s more lines", more) % {"n": more}
    if one.explanation:
        yield f"    {told(one.explanation)}"
    notes = [str(SURE[one.confidence])] if one.confidence in SURE else []
    notes += [_("repair: %(code)s") % {"code": one.repair}] if one.repair else []
    if notes:
        yield f"    ({'; '.join(notes)})"


def _summary(name: str, inspection: Inspection, advices: int) -> str:
    words = []
    if inspection.detected:
        words.append(detected(inspection))
    if inspection.verdict is not None:
        words.append(told(inspection.verdict.sentence))
    elif not inspection.found:
        words.append(_("Nothing found."))
    else:
        n = len(inspection.found)
        words.append(ngettext("%(n)s thing found.", "%(n)s things found.", n) % {"n": n})
    if advices:
        more = ngettext("%(n)s piece of advice: see --advice.", "%(n)s pieces of advice: see --advice.", advices)
        words.append(more % {"n": advices})
    return f"{name}: {' '.join(words)}"


def detected(inspection: Inspection) -> str:
    """What another format than OpenAPI is, and what is judged instead."""
    sentence = _("Detected: %(what)s. ChatGPT takes OpenAPI only; this is about the document made of it.")
    return sentence % {"what": inspection.detected}


def as_json(name: str, inspection: Inspection, fail_on: str) -> str:
    """Everything, for programs."""
    imported, verdict = inspection.imported, inspection.verdict
    found = [
        {
            "rule": one.rule,
            "level": one.level,
            "lines": list(one.lines),
            "explanation": told(one.explanation),
            "pointer": one.pointer,
            "line": one.line or None,
            "column": one.column or None,
            "confidence": one.confidence,
            "repair": one.repair,
        }
        for one in inspection.found
    ]
    document = {
        "source": name,
        "target": inspection.target,
        "detected": inspection.detected or None,
        "as_it_is": [message.text for message in inspection.as_it_is.messages] if inspection.as_it_is else None,
        "failed": inspection.fails(fail_on),
        "outcome": verdict.outcome if verdict else None,
        "sentence": told(verdict.sentence) if verdict else None,
        "found": found,
        "operations": simulating.operations(imported) if imported is not None else [],
        "problems": [told(problem) for problem in inspection.problems],
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n"


def as_sarif(name: str, inspection: Inspection) -> str:
    """SARIF 2.1.0; ``name`` is a path relative to the root of the repository, or a URL."""
    results = [
        sarif.Result(
            one.rule,
            SEVERITIES.get(one.level, "note"),
            _message(one),
            one.pointer,
            one.line,
            one.column,
            {"level": one.level, **({"repair": one.repair} if one.repair else {})},
        )
        for one in inspection.found
    ]
    rules = [_rule(code, level) for code, level in {one.rule: one.level for one in inspection.found}.items()]
    uri = name if "://" in name else quote(name.replace("\\", "/"))
    document = sarif.render(uri, results, rules, tool="Action Studio", version=__version__)
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n"


def _message(one: Found) -> str:
    """The editor's lines and what they mean; never empty."""
    return "\n".join([*one.lines[:LINES], told(one.explanation)]).strip() or one.rule


def _rule(code: str, level: str) -> sarif.Rule:
    """A check by its code, or a rule of the importer by its number, told by the check that is about the same."""
    same = RULES.get(code) or next((rule for rule in RULES.values() if rule.source == code), None)
    title = same.title if same else TITLES.get(code, code)
    return sarif.Rule(code, title[:1].upper() + title[1:], same.about if same else "", SEVERITIES.get(level, "note"))


FORMATS = ("text", "json", "sarif")


def report(form: str, name: str, inspection: Inspection, *, fail_on: str, advice: bool) -> str:
    """The inspection of ``name`` in one of FORMATS."""
    if form == "json":
        return as_json(name, inspection, fail_on)
    return as_sarif(name, inspection) if form == "sarif" else as_text(name, inspection, advice)
