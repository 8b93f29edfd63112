"""Fields of the page "Answer": label, control, what is wrong with it, a hint; each named after its row."""

from typing import Any

from django import template

from actionstudio.apps.design import answer_words as words

register = template.Library()
PART = "design/answer/field.html"


def _field(context: dict[str, Any], row: dict[str, Any], name: str, label: str, control: str, **more: Any) -> dict:
    """What the template of one field shows. A select's id changes with the epoch: see the morph of the editor."""
    field = f"{row['k']}.{name}"
    epoch = f"-{context['s']['epoch']}" if control in ("pick", "tick") else ""
    return {
        "name": field,
        "id": f"f-{row['k']}-{name}{epoch}",
        "value": row[name],
        "label": label,
        "control": control,
        "error": context["errors"].get(field, ""),
        "warning": context.get("warned", {}).get(field, ""),
        **more,
    }


@register.inclusion_tag(PART, takes_context=True)
def ask(context, row, name, label, hint="", offers="", example="", mono=False, narrow=False, quiet=False):
    """One line. ``offers`` is the id of a datalist; ``quiet`` hides the label from the eye."""
    more = {"hint": hint, "offers": offers, "example": example, "mono": mono, "narrow": narrow, "quiet": quiet}
    return _field(context, row, name, label, "line", **more)


@register.inclusion_tag(PART, takes_context=True)
def ask_number(context, row, name, label, hint="", unit="", quiet=False):
    return _field(context, row, name, label, "number", hint=hint, unit=unit, narrow=True, quiet=quiet)


@register.inclusion_tag(PART, takes_context=True)
def ask_text(context, row, name, label, hint="", rows=4, example="", quiet=False):
    """Several lines of code."""
    return _field(context, row, name, label, "area", hint=hint, rows=rows, example=example, quiet=quiet)


@register.inclusion_tag(PART, takes_context=True)
def ask_choice(context, row, name, label, choices, hint="", quiet=False):
    """One of ``choices``: a table of answer_words, or pairs. A value that is none of them is offered as it is."""
    table = getattr(words, choices) if isinstance(choices, str) else choices
    pairs = list(table.items() if isinstance(table, dict) else table)
    if row[name] not in [value for value, _words in pairs]:
        known = words.WAYS.get(row[name]) if name == "kind" else None
        pairs.append((row[name], known[0] if known else row[name] or "–"))
    return _field(context, row, name, label, "pick", choices=pairs, hint=hint, quiet=quiet)


@register.inclusion_tag(PART, takes_context=True)
def ask_yes(context, row, name, label, hint=""):
    return _field(context, row, name, label, "tick", hint=hint)


@register.simple_tag
def ways(*kinds):
    """The kinds of answers with their names, as pairs; all of them, or these."""
    return [(kind, words.WAYS[kind][0]) for kind in (kinds or words.WAYS)]


@register.filter
def part(node):
    """The row of a node's kind."""
    return node["of"][node["kind"]]


@register.filter
def name_example(condition) -> str:
    return words.NAMES.get(condition["target"], "")


@register.filter
def value_example(condition) -> str:
    return words.HINTS.get(condition["operator"], "")
