"""One operation as the data plane serves it, compiled when it is first called."""

from __future__ import annotations

import random
import threading
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from actionstudio.core.auth import ApiKey, Declared
from actionstudio.core.behaviour import Fault, Proxy, Stateful, Template, inside
from actionstudio.core.contract import Contract, Header, Operation, Response
from actionstudio.core.importer.credential import Accepted, as_sent
from actionstudio.core.importer.profile import Profile, profile, reshapes
from actionstudio.core.importer.repair import Place
from actionstudio.core.importer.repairs.path_parameters import TEMPLATE
from actionstudio.core.resolve import Resolver
from actionstudio.core.rules import keeps_state
from actionstudio.runtime import replies, responders, sides
from actionstudio.runtime.answers import Answer, Answers, Choice, header_maker
from actionstudio.runtime.around import Around
from actionstudio.runtime.bearer import Issued
from actionstudio.runtime.callbacks import Caller, caller
from actionstudio.runtime.facts import Behind
from actionstudio.runtime.guard import Guard, Keyring, compile_guard
from actionstudio.runtime.ports import Hosted, Store, Switch
from actionstudio.runtime.reader import Outcome, Reader, typed
from actionstudio.runtime.replies import Prepared
from actionstudio.runtime.responders.template import reads_state
from actionstudio.runtime.tokens import Wallet
from actionstudio.runtime.translate import Translator
from actionstudio.runtime.verdict import Verdict
from actionstudio.runtime.visit import Visit, from_openai
from actionstudio.runtime.wording import worded


class House:
    """What the operations of one contract share. ``whole`` is the contract as it was written; ``hosted`` and ``store``
    are what the address serves and where the state of its mocks is; ``dice`` is where chance comes from."""

    dice = random.Random()

    def __init__(
        self,
        contract: Contract,
        keyring: Keyring,
        whole: Contract | None = None,
        hosted: Hosted | None = None,
        store: Store | None = None,
        wallet: Wallet | None = None,
    ) -> None:
        base_urls = () if hosted is None else hosted.base_urls
        self.issued = Issued(wallet or Wallet(None), 0 if hosted is None else hosted.project_id, base_urls)
        self.hosted: Any = hosted
        self.store: Any = store
        self.contract = contract
        self.whole = contract if whole is None else whole
        self.keyring = keyring
        self.lock = threading.Lock()

    @cached_property
    def resolver(self) -> Resolver:
        return Resolver(self.contract)

    @cached_property
    def profile(self) -> Profile | None:
        """The GPT profile; None when its calls have the document's own shape anyway."""
        return profile(self.whole) if reshapes(self.whole) else None

    @property
    def accepts(self) -> Mapping[Place, Accepted]:
        """Credentials that do although the document asks for others."""
        return {} if self.profile is None else self.profile.accepts

    @cached_property
    def switches(self) -> Mapping[tuple[str, str], tuple[Switch, ...]]:
        """The one-shots that wait for a call, by method and path of their operation."""
        found: dict[tuple[str, str], tuple[Switch, ...]] = defaultdict(tuple)
        for switch in self.hosted.switches if self.hosted is not None and self.store is not None else ():
            found[switch.method, switch.path] += (switch,)
        return found

    @cached_property
    def credentials(self) -> frozenset[str]:
        """The names (lower case) under which the project's own credentials travel: the log hides their values, and
        templates cannot read them."""
        auth = self.contract.auth
        if isinstance(auth, ApiKey) and auth.scheme == "header":
            return frozenset({auth.header.lower()})
        if isinstance(auth, Declared):
            keys = [one for one in self.resolver.schemes().values() if one.get("type") == "apiKey"]
            return frozenset(str(one.get("name", "")).lower() for key in keys for one in (key, as_sent(key)))
        return frozenset()

    @cached_property
    def requests(self) -> Mapping[str, Any]:
        """The shared schemas as callers see them."""
        return sides.components_for("request", self.contract.schemas())

    @cached_property
    def answers(self) -> Mapping[str, Any]:
        """The shared schemas as answers show them."""
        return sides.components_for("response", self.contract.schemas())


class Served:
    """One operation. ``ready`` says whether it is compiled; until then ``compile`` must be called.

    ``stored`` says that its answers use the store, ``remote`` that they may wait for another server (only in a thread),
    ``paced`` that they may not leave at once. ``around`` is what stands around its answers, None for nothing;
    ``switches`` are the one-shots that wait for its next calls. ``behind`` is what stands behind its calls. ``caller``
    makes the callbacks that follow, None for none.
    """

    __slots__ = (
        "_reader",
        "_respond",
        "_typed",
        "accepted",
        "answers",
        "around",
        "behind",
        "caller",
        "decided",
        "extra",
        "guard",
        "house",
        "method",
        "mode",
        "name",
        "operation",
        "paced",
        "path",
        "ready",
        "remote",
        "said",
        "stored",
        "switches",
        "translator",
    )

    def __init__(self, operation: Operation, house: House) -> None:
        self.house = house
        self.operation = operation
        self.method = operation.method
        self.path = operation.path
        self.name = operation.operation_id or f"{operation.method} {operation.path}"
        self.mode = operation.validation or house.contract.validation
        self.extra: tuple[tuple[str, str], ...] = (("deprecation", "true"),) if operation.deprecated else ()
        self.said = f"{operation.method} {operation.path}"
        self.decided: dict[tuple[int, int], tuple[Any, Any, dict[str, Any]]] = {}
        self.behind = Behind(self)
        self.translator: Translator | None = None
        self._typed: Any = None
        within = inside(operation.behaviour)
        around = operation.around
        self.remote = any(isinstance(one, Proxy) for one in within)
        self.switches = house.switches.get((self.method, self.path), ())
        misbehaves = bool(around.latency or around.faults) or any(isinstance(one, Fault) for one in within)
        self.paced = misbehaves or bool(self.switches)
        self.stored = (
            bool(around.limit or around.faults or house.contract.limits or self.switches)
            or keeps_state(operation.behaviour)
            or any(isinstance(one, Stateful | Fault) for one in within)
            or any(reads_state(one) for one in within if isinstance(one, Template))
        )
        self.around: Around | None = None
        self.caller: Caller | None = None
        self.ready = False

    def compile(self) -> None:
        """Any thread may call this; it is done once."""
        with self.house.lock:
            if self.ready:
                return
            house, operation = self.house, self.operation
            self.translator = self._translator()
            self.accepted = house.accepts.get((self.method, self.path))
            sent = None if self.accepted is None else self.accepted.sent
            self.guard: Guard = compile_guard(house.resolver, operation, house.keyring, house.issued, sent)
            reader = Reader(house.resolver, operation, house.requests) if self.mode != "off" else None
            self._reader = None if reader is None or reader.idle else reader
            self.answers = Answers([self._answer(response) for response in house.resolver.responses(operation)])
            self._respond = responders.compile(self, operation.behaviour)
            around = Around(self)
            self.around = None if around.idle else around
            self.caller = caller(self)
            if self.stored:
                self.answers.warm()
            self.ready = True

    def spent(self, switch: Switch) -> None:
        """Nothing is left of a switch: it is not asked again."""
        self.switches = tuple(one for one in self.switches if one is not switch)

    def _translator(self) -> Translator | None:
        made, here = self.house.profile, (self.method, self.path)
        if made is None:
            return None
        path = made.place(*here)[1]
        names = dict(zip(TEMPLATE.findall(self.path), TEMPLATE.findall(path), strict=True))
        steps = made.steps.get(here, ())
        if not steps and path == self.path:
            return None
        return Translator(steps, names, self.operation, self.house.resolver)

    def _answer(self, response: Response) -> Answer:
        components = self.house.answers
        choices = [Choice(media, components, _seen(media.schema, components)) for media in response.content]
        headers: list[tuple[Header, Any]] = [
            (header, header_maker(header, components)) for header in self.house.resolver.headers(response)
        ]
        return Answer(response, choices, headers)

    def read(self, visit: Visit) -> Outcome | None:
        """What is wrong with the call; None when nothing is, or nothing is looked at."""
        if self._reader is None:
            return None
        outcome = self._reader.read(visit)
        if not outcome.status:
            return None
        if self.translator is not None and (visit.translation is not None or from_openai(visit.headers)):
            return self.translator.told(outcome, visit.translation)
        return outcome

    def respond(self, visit: Visit) -> Prepared:
        return self._respond(visit)

    def typed(self, place: str) -> Mapping[str, Any]:
        """What reads the declared parameters of a place (query, path, header, cookie) into their types, by name."""
        if self._typed is None:
            self._typed = typed(self.house.resolver, self.operation, self.house.requests)
        return self._typed[place]

    def denied(self, visit: Visit, verdict: Verdict) -> Prepared:
        """The answer to a call without a good credential, or (403) whose credential does not go that far (RFC 6750,
        section 3.1): the document's own when it is declared."""
        extra = (*self.extra, ("www-authenticate", verdict.challenge or "Bearer"))
        detail = verdict.sentence[:1].upper() + verdict.sentence[1:] + "."
        status, title = (403, "Not allowed") if verdict.outcome == "scope" else (401, "Not authenticated")
        own = self._own(visit, extra, detail, str(status))
        if own is not None:
            return own
        return replies.problem(status, title, detail, extra, {"response": "problem+json"})

    def invalid(self, visit: Visit, outcome: Outcome) -> Prepared:
        """The answer to a call that is not as declared: the document's own, else problem+json with what is wrong."""
        codes = ("415", "400") if outcome.status == 415 else ("422", "400")
        shown = [{key: found[key] for key in ("location", "severity", "code", "message")} for found in outcome.found]
        detail = "; ".join(f"{where(found)} {found['message']}" for found in shown[:3])
        own = self._own(visit, self.extra, detail, *codes)
        if own is not None:
            return own
        title = "The media type is not declared" if outcome.status == 415 else "The call is not as declared"
        said = {"response": "problem+json"}
        return replies.problem(outcome.status, title, detail, self.extra, said, validation=shown)

    def _own(self, visit: Visit, extra: tuple, sentence: str, *codes: str) -> Prepared | None:
        """The document's own answer to a refused call. A body that is made from its schema says why."""
        answer, code = self.answers.failure(*codes)
        if answer is None:
            return None
        index = answer.accepts(visit.headers.get("accept", "")) or 0
        choice = answer.choices[index] if answer.choices else None
        if choice is None or choice.example(None) is not None or choice.schema is None:
            return answer.static(code, index, None, 0, extra)
        value = worded(choice, code, sentence, self.house.answers)
        return answer.filled(code, index, value, extra, "made for it", {})


def where(found: Mapping[str, Any]) -> str:
    """``body.items.0.name`` for the location of a violation."""
    return ".".join(str(step) for step in found["location"])


def _seen(schema: Any, components: Mapping[str, Any]) -> Any:
    return None if schema is None else sides.schema_for("response", schema, components)
