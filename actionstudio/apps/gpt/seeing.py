"""What the model sees of a project, for its page: the namespace in parts, their sizes, and what is lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.design.looking import coloured
from actionstudio.apps.design.views.endpoint import PLAIN_REF
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer.profile import Profile, profile
from actionstudio.core.lint.look import place_of
from actionstudio.core.specs import lost, typescript

OPERATIONS = 60  # more than ChatGPT takes; a page of hundreds would help nobody
LONGEST = 20_000  # characters of one operation that are shown
LAYOUTS = {"action": lazy("Actions"), "early": lazy("Before mid-2024"), "plugin": lazy("Plugins, 2023")}


@dataclass(frozen=True, slots=True)
class Function:
    """One operation in the namespace. ``url`` is where it is edited; ``cut``: not all of its text is shown."""

    anchor: str
    name: str
    shown: SafeString
    characters: int
    tokens: int
    url: str
    cut: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """The whole namespace. Tokens are estimates, which the browser replaces."""

    name: str
    text: SafeString
    plain: str
    functions: list[Function]
    characters: int
    tokens: int
    more: int
    countable: bool  # whether all of the text is on the page

    @property
    def largest(self) -> Function | None:
        return max(self.functions, key=lambda one: one.characters, default=None)


@dataclass(frozen=True, slots=True)
class Lost:
    """One kind of loss with its places: (where in words, its page, what is lost there)."""

    kind: str
    title: str
    why: str
    count: int
    places: list[tuple[str, str, str]]

    @property
    def more(self) -> int:
        return self.count - len(self.places)


def seen(contract: Contract, url: str, layout: str, page: Callable[[str], str]) -> Seen:
    """The namespace of the GPT profile as ChatGPT would get it from ``url``. ``page`` finds the page of a pointer."""
    made = profile(contract)
    name, above = typescript.head(made.contract, urlsplit(url).hostname or "", layout)
    told = typescript.operations(made.contract, OPERATIONS)
    functions = [_function(number, one, page(_written(made, one.op))) for number, one in enumerate(told)]
    plain = typescript.written(name, above, told)
    return Seen(
        name=name,
        text=_joined(name, above, functions),
        plain=plain,
        functions=functions,
        characters=len(plain),
        tokens=typescript.tokens(plain),
        more=len(made.contract.operations) - len(told),
        countable=not any(one.cut for one in functions),
    )


def _written(made: Profile, op: Operation) -> str:
    """Where an operation of the profile stands in the working copy."""
    method, path = made.moved.get((op.method, op.path), (op.method, op.path))
    return Operation(method, path).pointer


def _function(number: int, told: typescript.Told, url: str) -> Function:
    cut = len(told.text) > LONGEST
    return Function(
        anchor=f"fn-{told.name}" if PLAIN_REF.fullmatch(told.name) else f"fn-{number}",
        name=told.name,
        shown=coloured(told.text[:LONGEST] + ("…" if cut else "")),
        characters=len(told.text),
        tokens=typescript.tokens(told.text),
        url=url,
        cut=cut,
    )


def _joined(name: str, above: str, functions: list[Function]) -> SafeString:
    """The namespace as HTML, to the letter what :func:`typescript.written` writes."""
    inside = format_html_join("", '<span id="{}">{}</span>\n\n', ((one.anchor, one.shown) for one in functions))
    first = format_html('<span class="c">{}</span>\n<span class="k">namespace</span> {} {{\n\n', above, name)
    return format_html('{}{}}} <span class="c">// namespace {}</span>', first, inside, name)


def losses(contract: Contract, page: Callable[[str], str]) -> list[Lost]:
    """What the document says and the model never gets."""
    return [
        Lost(
            loss.kind,
            loss.title,
            loss.why,
            loss.count,
            [(place_of(where.pointer), page(where.pointer), where.text) for where in loss.places],
        )
        for loss in lost.lost(contract, profile(contract).steps)
    ]
