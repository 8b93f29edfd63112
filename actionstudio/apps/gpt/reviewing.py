"""Texts that a repair shortened: a person looks at each, and may say it better."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from actionstudio.apps.gpt import repairing
from actionstudio.apps.projects.models import Project
from actionstudio.core import limits
from actionstudio.core.contract import Contract
from actionstudio.core.importer.profile import enabled
from actionstudio.core.importer.repairs import shorten_texts
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.resolve import Resolver
from actionstudio.core.specs import gpt

CODE = "shorten-texts"


@dataclass(frozen=True)
class Text:
    """A text too long for ChatGPT. ``short`` is what ChatGPT gets; ``accepted``: a person has looked at it."""

    pointer: str
    place: str
    long: str
    short: str
    limit: int
    accepted: bool
    error: str = ""


def review(contract: Contract, typed: Mapping[str, str] | None = None) -> list[Text]:
    """Every shortened text of ``contract``, those to look at first; none while the repair is off.

    ``typed`` are texts by pointer that were just refused: they come back with what is wrong with them.
    """
    if CODE not in contract.repairs:
        return []
    texts = [_with(text, typed) for text in _texts(contract)]
    return sorted(texts, key=lambda text: (not text.error, text.accepted))


def _texts(contract: Contract) -> Iterator[Text]:
    options = contract.repairs[CODE]
    own = options.get("texts") if isinstance(options, Mapping) else None
    own = own if isinstance(own, Mapping) else {}
    for pointer, place, long, limit in _long(contract):
        kept = own.get(pointer)
        accepted = isinstance(kept, str) and bool(kept.strip()) and len(kept) <= limit
        short = kept if accepted else shorten_texts.shortened(long, limit)
        yield Text(pointer, place, long, short, limit, accepted)


def _long(contract: Contract) -> Iterator[tuple[str, str, str, int]]:
    """Pointer, place in words, text and limit of every text that is too long, as the repair points to it."""
    resolver = Resolver(contract)
    for op in gpt.offered(contract):
        name = f"{op.method} {op.path}"
        most = limits.OPERATION_TEXT
        found = [
            (f"{op.pointer}/summary", _("%(op)s, summary") % {"op": name}, op.summary, most),
            (f"{op.pointer}/description", _("%(op)s, description") % {"op": name}, op.description, most),
        ]
        for one in resolver.parameters(op):
            place = _("%(op)s, parameter %(name)s") % {"op": name, "name": one.name}
            found.append((shorten_texts.text_pointer(op, one), place, one.description, limits.PARAMETER_TEXT))
        yield from (entry for entry in found if len(entry[2]) > entry[3])


def _with(text: Text, typed: Mapping[str, str] | None) -> Text:
    if typed is None or text.pointer not in typed:
        return text
    return replace(text, short=typed[text.pointer], error=_fault(typed[text.pointer], text.limit))


def _fault(text: str, limit: int) -> str:
    if not text.strip():
        return _("Write a text: without one the model is told nothing here.")
    if len(text) > limit:
        return _("%(n)s characters; ChatGPT takes at most %(most)s.") % {"n": len(text), "most": limit}
    return ""


def accept(project: Project, typed: Mapping[str, str], by=None) -> repairing.Done:
    """Keeps these texts by pointer, as one revision. Raises Refused when one is empty or too long.

    Pointers of no text that was shortened are passed over, and all of them when the repair was taken back meanwhile.
    """
    return repairing.changed(project, lambda value: _kept(value, typed), by, _("Repairs for ChatGPT: %(names)s"))


def _kept(contract: Contract, typed: Mapping[str, str]) -> tuple[Contract, tuple[str, ...]]:
    """The contract with these texts beside those that others have looked at."""
    known = {text.pointer: text for text in review(contract)}
    wanted = {pointer: text for pointer, text in typed.items() if pointer in known}
    faults = {pointer: _fault(text, known[pointer].limit) for pointer, text in wanted.items()}
    if any(faults.values()):
        raise Refused(*(Problem(pointer, fault, "text") for pointer, fault in faults.items() if fault))
    if not wanted:
        return contract, ()
    options = contract.repairs.get(CODE)
    options = dict(options) if isinstance(options, Mapping) else {}
    before = options.get("texts")
    options["texts"] = {**(before if isinstance(before, Mapping) else {}), **wanted}
    return enabled(contract, [CODE], {CODE: options}), (CODE,)


def typed(pointers: Sequence[str], texts: Sequence[str]) -> dict[str, str]:
    """The texts of a posted form by their pointers."""
    kept = (text.replace("\r\n", "\n").replace("\0", "") for text in texts)  # no database keeps a NUL
    return dict(zip(pointers, kept, strict=False))
