"""Rules out of what is there already: examples that belong together, and calls that were answered once.

Nothing here decides what is stored: these are values for a form to show, or for a recording to keep.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from actionstudio.core.behaviour import Behaviour, Condition, Examples, Rule, Rules, Template
from actionstudio.core.call import Call, Reply
from actionstudio.core.contract import Example, Operation, Parameter, Response
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.resolve import Resolver
from actionstudio.core.rules.checking import MOST_CONDITIONS, MOST_RULES
from actionstudio.core.rules.compiled import usable
from actionstudio.core.rules.facts import Facts
from actionstudio.core.rules.operators import is_filled
from actionstudio.core.schemas.refs import escape
from actionstudio.core.templating.bounds import LONGEST
from actionstudio.core.words import said

type JSON = Any

_LONGEST_NAME = 200
_MOST_MEMBERS = 20
_MASK = "••••"  # the log has hidden what stood here (apps/traffic/redaction.py): nobody sends it
_SECRETS = frozenset({"authorization", "proxy-authorization", "cookie", "access_token", "api_key", "apikey", "token"})
_OF_THE_CONNECTION = frozenset((
    "accept-ranges", "age", "alt-svc", "cache-control", "connection", "content-encoding", "content-length",
    "content-type", "date", "deprecation", "etag", "expires", "keep-alive", "last-modified", "nel", "report-to",
    "server", "set-cookie", "studio-violations", "trailer", "transfer-encoding", "upgrade", "vary", "via",
    "content-security-policy", "cross-origin-resource-policy", "referrer-policy", "strict-transport-security",
    "x-content-type-options", "x-powered-by", "www-authenticate",
))  # fmt: skip
_PREFIXES = ("access-control-", "proxy-", "sec-", "cf-", "x-frame-", "ratelimit", "x-ratelimit-")


def rules_from_examples(operation: Operation, resolver: Resolver) -> Rules:
    """The named pairs of an operation as rules, those that ask for most first: for each key that examples of the
    request and of a response have in common, the request's values as conditions, the response's example as answer."""
    asked: dict[str, list[Condition]] = {}
    for parameter in resolver.parameters(operation):
        for example in _examples(parameter):
            asked.setdefault(example.key, []).extend(_values(parameter.in_, parameter.name, example.value))
    body = resolver.body(operation)
    for media in body.content if body is not None else ():
        for example in media.examples:
            if example.key and not any(one.target == "body" for one in asked.get(example.key, ())):
                asked.setdefault(example.key, []).extend(_of_body(example.value))
    made = []
    for key, status in _offered(resolver.responses(operation)).items():
        conditions = asked.get(key)
        if conditions:
            made.append(Rule(tuple(conditions[:MOST_CONDITIONS]), Examples(status, key, pairing=False), key))
    return Rules(tuple(sorted(made, key=lambda rule: -len(rule.conditions))[:MOST_RULES]))


def _examples(parameter: Parameter) -> list[Example]:
    media = parameter.content[0].examples if parameter.content else ()
    return [one for one in (*media, *parameter.examples) if one.key and "externalValue" not in one.extra]


def _offered(responses: Iterable[Response]) -> dict[str, str]:
    """The status whose response has an example of each key; that of a success before others."""
    found: dict[str, str] = {}
    for response in sorted(responses, key=lambda one: not one.status.startswith("2")):
        for media in response.content:
            for example in media.examples:
                if example.key and "externalValue" not in example.extra:
                    found.setdefault(example.key, response.status if response.status != "default" else "")
    return found


def rule_from_exchange(
    call: Call, reply: Reply, values: Mapping[str, str] | None = None, hidden: Iterable[str] = ()
) -> Rule:
    """The rule that gives a call like this one this answer: its path parameters (``values``), its query and its body
    as conditions, the answer as a text. What carries a credential is left out: the usual names, those in ``hidden``,
    and what the log has masked. Raises Refused when the answer is no text, or too long."""
    facts = Facts(call, values)
    secret = _SECRETS | {name.lower() for name in hidden}
    conditions = [Condition("path", name, value=text) for name, text in facts.values.items()]
    for name, texts in facts.query().items():
        if not name.startswith("__") and name.lower() not in secret:
            conditions += [Condition("query", name, value=text) for text in dict.fromkeys(texts)]
    for body in facts.body():
        conditions += _of_body(body)
    conditions = [replace(one, value=literal(one.value)) if is_filled(one) else one for one in conditions]
    kept = [one for one in conditions if _MASK not in str(one.value) and usable(one, {}) is None]
    kept = [one for one in kept if one.name.lstrip("/").lower() not in secret]
    return Rule(tuple(kept[:MOST_CONDITIONS]), _as_template(reply), _name(call, kept))


def _name(call: Call, conditions: Iterable[Condition]) -> str:
    """The call in short, without what conditions leave out."""
    query = "&".join(f"{quote(one.name)}={quote(str(one.value))}" for one in conditions if one.target == "query")
    return f"{call.method} {call.path}{'?' if query else ''}{query}"[:_LONGEST_NAME]


def _of_body(value: JSON) -> list[Condition]:
    """One condition for each member of an object, so that one sees which of them does not fit; else one for all."""
    if isinstance(value, dict) and 0 < len(value) <= _MOST_MEMBERS:
        return [Condition("body", f"/{escape(name)}", value=item) for name, item in value.items()]
    return [Condition("body", value=value)]


def _values(target: str, name: str, value: JSON) -> list[Condition]:
    """A parameter's value: each item of a list must be there. What an object is sent as depends on its style."""
    if isinstance(value, dict) or value is None:
        return []
    items = value if isinstance(value, list) else [value]
    if len(items) > 1 and target != "query":
        items = [",".join(map(str, items))]
    return [Condition(target, name, value=item) for item in items]


def _as_template(reply: Reply) -> Template:
    try:
        text = reply.body.decode()
    except UnicodeDecodeError:
        message = said("This answer is not text. Keep it as an example of the response instead.")
        raise Refused(Problem("/answer/body", message, "rule")) from None
    body = literal(text)
    if len(body) > LONGEST:
        message = said("This answer is longer than %(most)s characters. Shorten it first.", most=LONGEST)
        raise Refused(Problem("/answer/body", message, "rule"))
    headers = tuple((name, literal(value)) for name, value in reply.headers if _is_its_own(name) and _MASK not in value)
    media = reply.header("content-type").partition(";")[0].strip()
    return Template(str(reply.status), media, body, headers)


def _is_its_own(name: str) -> bool:
    """Whether a header belongs to the answer, not to the way it came."""
    return name not in _OF_THE_CONNECTION and not name.startswith(_PREFIXES)


def literal(text: str) -> str:
    """A template that says exactly this."""
    return text.replace("{{", '{{ "{{" }}')


def with_rule(behaviour: Behaviour, rule: Rule) -> Rules:
    """A behaviour in which a rule answers the calls it is for; what answered them before answers all others.

    A rule that asks for the same is replaced. A new one comes before the first that would take its calls away, else to
    the end. Raises Refused when there are too many.
    """
    if not isinstance(behaviour, Rules):
        return Rules((rule,), otherwise=behaviour)
    rules = list(behaviour.rules)
    wanted = _said(rule)
    for index, one in enumerate(rules):
        if _said(one) == wanted and one.match == rule.match:
            rules[index] = replace(rule, name=one.name or rule.name)
            return replace(behaviour, rules=tuple(rules))
    if len(rules) >= MOST_RULES:
        message = said("There are %(most)s rules already. Delete some of them first.", most=MOST_RULES)
        raise Refused(Problem("/rules", message, "rule"))
    before = (index for index, one in enumerate(rules) if one.match == "all" and _said(one) < wanted)
    rules.insert(next(before, len(rules)), rule)
    return replace(behaviour, rules=tuple(rules))


def _said(rule: Rule) -> frozenset[str]:
    return frozenset(repr(condition) for condition in rule.conditions)
