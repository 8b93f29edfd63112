"""Which changes break a caller that was written for the contract before: each said in a sentence.

What a caller sends may only be asked for more widely (an operation, a parameter or a value gone, a new duty, a narrower
type breaks); what it receives may only be promised more narrowly (a property gone or no longer sure breaks).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import orjson

from actionstudio.core.auth import NoAuth, OAuth
from actionstudio.core.contract import Body, Media, Operation, Parameter, Response
from actionstudio.core.resolve import Resolver, scopes_of
from actionstudio.core.schemas import refs
from actionstudio.core.schemas.gathered import gathered
from actionstudio.core.words import said

type JSON = Any
type Uses = tuple[set[str], set[str]]

_POINTING: dict[str, Callable[[str], Operation]] = {
    "parameters": lambda ref: Operation("GET", "/", parameters=(Parameter("", ref=ref),)),
    "requestBodies": lambda ref: Operation("POST", "/", body=Body(ref=ref)),
    "responses": lambda ref: Operation("GET", "/", responses=(Response("200", ref=ref),)),
}
_DEEPEST = 12
_ANY = frozenset(("array", "boolean", "integer", "null", "number", "object", "string"))
_LOWER = ("minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum")
_UPPER = ("maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum")
_SEVERAL = ("anyOf", "oneOf")


def operation(before: Resolver, old: Operation, after: Resolver, new: Operation | None) -> list[str]:
    """Why callers of ``old`` break when it becomes ``new`` (None: it goes).

    A shared schema that both name is not entered: it has its own answer, :func:`schema`.
    """
    if new is None:
        return [said("Callers lose %(op)s.", op=f"{old.method} {old.path}")]
    found: list[str] = []
    if _place(old) != _place(new):
        found.append(said("The address changes: callers of %(op)s get 404.", op=f"{old.method} {old.path}"))
    if old.operation_id != new.operation_id and old.operation_id:
        found.append(said("The name %(name)s goes: a GPT knows the operation by it.", name=old.operation_id))
    found += _parameters(before, old, after, new)
    found += _body(before, old, after, new)
    found += _responses(before, old, after, new)
    if old.security != new.security:
        found += _asked(before, old, after, new)
    return found


def _asked(before: Resolver, old: Operation, after: Resolver, new: Operation) -> list[str]:
    """What else callers of an operation must prove. With OAuth before and after, only a scope more is too much."""
    was, now = list(before.security(old)), list(after.security(new))
    ours, theirs = before.contract.auth, after.contract.auth
    if isinstance(ours, OAuth) and isinstance(theirs, OAuth) and was:
        more = [name for name in scopes_of(new, theirs) if name not in scopes_of(old, ours)]
        return [*(said("Callers need the scope %(name)s too.", name=name) for name in more)]
    return [said("Callers must prove who they are in another way.")] if was != now else []


def component(before: Resolver, after: Resolver, kind: str, name: str) -> list[str]:
    """The same of a shared parameter, request body or answer that changes."""
    make = _POINTING.get(kind)
    op = make(f"#/components/{kind}/{refs.escape(name)}") if make else Operation("GET", "/")
    return operation(before, op, after, op)


def path(before: Resolver, after: Resolver, name: str) -> list[str]:
    """The same of what stands beside the methods of a path, its parameters above all."""
    op = Operation("GET", name)
    return operation(before, op, after, op)


def schema(before: Resolver, after: Resolver, name: str, uses: Uses) -> list[str]:
    """Why callers of the operations that use the shared schema ``name`` break when it changes."""
    if name not in before.components or name not in after.components:
        return []  # what named it names something else now, or says itself that it is gone
    old, new = before.components[name], after.components[name]
    asked, given = (_Schemas(before.components, after.components) for _ in range(2))
    found = list(asked.asked(old, new, "")) if name in uses[0] else []
    return found + (list(given.given(old, new, "")) if name in uses[1] else [])


def security(before: Resolver, after: Resolver) -> list[str]:
    """Why callers break when the whole document asks for other credentials."""
    old, new = before.contract, after.contract
    if isinstance(new.auth, NoAuth):
        return []  # whoever had a key may still send it
    if isinstance(old.auth, OAuth) and isinstance(new.auth, OAuth):
        return _oauth(old.auth, new.auth)
    if (before.schemes(), old.auth, old.security) != (after.schemes(), new.auth, new.security):
        return [said("Callers must prove who they are in another way.")]
    return []


def _oauth(old: OAuth, new: OAuth) -> list[str]:
    """Why those break who sign in by OAuth before and after: what a client was told, or may ask for, goes."""
    names = [scope.name for scope in new.scopes]
    found: list[str] = [said("The scope %(name)s goes.", name=one.name) for one in old.scopes if one.name not in names]
    if old.urls("") != new.urls(""):
        found.append(said("People sign in at another address."))
    if old.token_exchange != new.token_exchange:
        found.append(said("Clients must prove who they are in another way."))
    return found


def _place(op: Operation) -> tuple[str, str]:
    """Where it answers; how a path parameter is called makes no difference to a caller."""
    return op.method, re.sub(r"\{[^{}/]*\}", "{}", op.path)


def _parameters(before: Resolver, old: Operation, after: Resolver, new: Operation) -> Iterator[str]:
    was, now = ({_key(p): p for p in one.parameters(op)} for one, op in ((before, old), (after, new)))
    compare = _Schemas(before.components, after.components)
    for key, parameter in was.items():
        if key not in now and parameter.in_ != "path":
            yield said("The parameter %(name)s goes.", name=parameter.name)
    for key, parameter in now.items():
        known = was.get(key)
        if known is None:
            if parameter.required and parameter.in_ != "path":
                yield said("The new parameter %(name)s is required.", name=parameter.name)
            continue
        if parameter.required and not known.required and parameter.in_ != "path":
            yield said("The parameter %(name)s becomes required.", name=parameter.name)
        yield from compare.asked(_schema_of(known), _schema_of(parameter), parameter.name)


def _key(parameter: Parameter) -> tuple[str, str]:
    return parameter.in_, parameter.name


def _schema_of(parameter: Parameter) -> JSON:
    return parameter.content[0].schema if parameter.content else parameter.schema


def _body(before: Resolver, old: Operation, after: Resolver, new: Operation) -> Iterator[str]:
    was, now = before.body(old), after.body(new)
    if now is None or not now.content:
        if was is not None and was.content:
            yield said("The request body goes.")
        return
    if now.required and (was is None or not was.required):
        yield said("A request body becomes required.")
    if was is not None:
        compare = _Schemas(before.components, after.components).asked
        yield from _contents(was.content, now.content, compare, said("the request body"))


def _responses(before: Resolver, old: Operation, after: Resolver, new: Operation) -> Iterator[str]:
    was, now = ({r.status: r for r in one.responses(op)} for one, op in ((before, old), (after, new)))
    compare = _Schemas(before.components, after.components).given
    for status, response in was.items():
        if status in now:
            yield from _contents(response.content, now[status].content, compare, said("answer %(n)s", n=status))
        elif status.startswith("2"):
            yield said("The answer %(status)s goes.", status=status)


def _contents(
    old: Iterable[Media], new: Iterable[Media], compare: Callable[[JSON, JSON, str], Iterator[str]], what: str
) -> Iterator[str]:
    now = {media.media_type: media for media in new}
    for media in old:
        if media.media_type in now:
            yield from compare(media.schema, now[media.media_type].schema, "")
        else:
            yield said("%(type)s goes from %(what)s.", type=media.media_type, what=what)


def uses(resolver: Resolver) -> Uses:
    """The shared schemas that calls are made of, and those that answers are made of."""
    asked: set[str] = set()
    given: set[str] = set()
    for op in resolver.contract.operations:
        body = resolver.body(op)
        sent = [_schema_of(p) for p in resolver.parameters(op)] + [m.schema for m in (body.content if body else ())]
        got = [media.schema for response in resolver.responses(op) for media in response.content]
        for found, schemas in ((asked, sent), (given, got)):
            for one in schemas:
                names = {name for name in refs.refs(one) if name in resolver.components}
                if not names <= found:
                    found |= names | set(refs.reachable(one, resolver.components))
    return asked, given


class _Schemas:
    """Compares schemas, in place and by way of references that differ: in one direction, each pair of them once."""

    def __init__(self, old: Mapping[str, JSON], new: Mapping[str, JSON]) -> None:
        self.old, self.new = old, new
        self._seen: set[tuple[JSON, JSON]] = set()

    def asked(self, old: JSON, new: JSON, at: str, depth: int = 0) -> Iterator[str]:
        """Why what was fit to be sent is no more."""
        was, now = self._open(old, new, depth)
        if was is None or now is None:
            return
        name = at or said("the value")
        if lost := _types(was) - _types(now):
            yield said("%(name)s may no longer be %(types)s.", name=name, types=_listed(lost))
        if _values(now) and (gone := _values(was) - _values(now)):
            yield said("%(name)s may no longer be %(values)s.", name=name, values=_listed(gone))
        elif _values(now) and not _values(was) and "const" not in was:
            yield said("%(name)s may only be certain values now.", name=name)
        yield from (said("%(name)s: %(word)s is stricter.", name=name, word=word) for word in _stricter(was, now))
        (before, needed), (after, needs) = self._properties(was, self.old), self._properties(now, self.new)
        for key in sorted(needs - needed):
            yield said("%(name)s becomes required.", name=_joined(at, key))
        for key, inner in before.items():
            if key in after:
                yield from self.asked(inner, after[key], _joined(at, key), depth + 1)
            elif now.get("additionalProperties") is False:
                yield said("%(name)s is refused now.", name=_joined(at, key))
        yield from self._inner(self.asked, was, now, at, depth)
        for word in _SEVERAL:
            if len(_list(now, word)) < len(_list(was, word)):
                yield said("%(name)s: an alternative goes.", name=name)

    def given(self, old: JSON, new: JSON, at: str, depth: int = 0) -> Iterator[str]:
        """Why who was ready for the old answer is not for the new one."""
        was, now = self._open(old, new, depth)
        if was is None or now is None:
            return
        if added := _types(now) - _types(was):
            yield said("%(name)s may now be %(types)s.", name=at or said("the answer"), types=_listed(added))
        (before, needed), (after, needs) = self._properties(was, self.old), self._properties(now, self.new)
        for key, inner in before.items():
            if key not in after:
                yield said("The answer loses %(name)s.", name=_joined(at, key))
                continue
            if key in needed and key not in needs:
                yield said("%(name)s may be missing in the answer.", name=_joined(at, key))
            yield from self.given(inner, after[key], _joined(at, key), depth + 1)
        yield from self._inner(self.given, was, now, at, depth)

    def _open(self, old: JSON, new: JSON, depth: int) -> tuple[dict[str, JSON] | None, dict[str, JSON] | None]:
        """Both with their references followed; None where there is nothing to compare."""
        if old == new or depth > _DEEPEST:
            return None, None
        pair = tuple(one.get("$ref") if isinstance(one, dict) else None for one in (old, new))
        if isinstance(pair[0], str) and isinstance(pair[1], str):
            if pair[0] == pair[1] or pair in self._seen:
                return None, None
            self._seen.add((pair[0], pair[1]))
        was, now = refs.resolve(old, self.old), refs.resolve(new, self.new)
        was = {} if was is None or was is True else was
        now = {} if now is None or now is True else now
        return (was, now) if isinstance(was, dict) and isinstance(now, dict) else (None, None)

    def _inner(self, compare: Any, was: dict[str, JSON], now: dict[str, JSON], at: str, depth: int) -> Iterator[str]:
        if "items" in was and "items" in now:
            yield from compare(was["items"], now["items"], f"{at}[]", depth + 1)
        for word in _SEVERAL:
            old, new = _list(was, word), _list(now, word)
            if len(old) == len(new):
                for one, two in zip(old, new, strict=True):
                    yield from compare(one, two, at, depth + 1)

    @staticmethod
    def _properties(node: JSON, shared: Mapping[str, JSON]) -> tuple[dict[str, JSON], set[str]]:
        """The properties of an object, those of its ``allOf`` too, and which are required."""
        return gathered(node, lambda schema: refs.resolve(schema, shared))


def _list(node: dict[str, JSON], word: str) -> list[JSON]:
    return node[word] if isinstance(node.get(word), list) else []


def _types(node: dict[str, JSON]) -> frozenset[str]:
    kind = node.get("type")
    named = [kind] if isinstance(kind, str) else kind if isinstance(kind, list) else []
    found = {name for name in named if name in _ANY}
    return frozenset(found | {"integer"} if "number" in found else found) or _ANY


def _values(node: dict[str, JSON]) -> set[str]:
    """The values that are allowed, as JSON text; none when any is."""
    values = [node["const"]] if "const" in node else _list(node, "enum")
    return {orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode() for value in values}


def _stricter(was: dict[str, JSON], now: dict[str, JSON]) -> Iterator[str]:
    for words, sign in ((_LOWER, 1), (_UPPER, -1)):
        for word in words:
            old, new = was.get(word), now.get(word)
            least = new == 0 and word in ("minLength", "minItems", "minProperties")  # says nothing
            if _number(new) and not least and (not _number(old) or (new - old) * sign > 0):  # type: ignore[operator]
                yield word
    if "pattern" in now and now["pattern"] != was.get("pattern"):
        yield "pattern"


def _number(value: JSON) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _listed(names: Iterable[str]) -> str:
    found = sorted(names)
    return ", ".join(found[:6]) + (" …" if len(found) > 6 else "")


def _joined(at: str, key: str) -> str:
    return f"{at}.{key}" if at else key
