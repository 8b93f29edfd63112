"""A suite "on the mock": the calls that a model wishes for are made at the project's own address, as ChatGPT does it.

They count as signed in: how that goes is not what a prompt tests. What another server would answer (a proxied
operation, another address of the same GPT) is not called: the model is told the example, as without the mock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext as _

from actionstudio.apps.projects.pooling import give_back
from actionstudio.apps.publishing.source import base_urls, masks_of
from actionstudio.apps.simulator.models import PromptRun
from actionstudio.apps.simulator.prompts import offering
from actionstudio.apps.traffic import redaction
from actionstudio.core.behaviour import Proxy, inside
from actionstudio.core.chatgpt import arguments, headers, told
from actionstudio.core.contract import Contract
from actionstudio.core.hiding import keeps_bodies
from actionstudio.core.importer.serving import served
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.prompting import examples
from actionstudio.core.sendable import Refusal
from actionstudio.runtime.app import frontdoor
from actionstudio.runtime.visit import ANY_KEY

type Perform = Callable[[str, str], tuple[str, str]]


def performer(run: PromptRun) -> Perform:
    """What makes a call of an operation with these arguments (text); it gives what the model is told, and the same
    without what the log hides. Raises Refused for a project without an address."""
    project = run.suite.project
    address = project.addresses.first()
    if address is None:
        words = _("This project has no address, so nothing answers for its mock. Give it one under Connect to GPT.")
        raise Refused(Problem("/mode", words, "no-address"))
    number, contract = offering.contract_of(project, run.revision)
    imported = served(contract, base_urls(address.name, address.domain)[0])
    elsewhere = _elsewhere(contract)
    offer = offering.of_run(run)
    ours, masks = _ours(run), masks_of(project)

    def perform(operation: str, text: str) -> tuple[str, str]:
        if operation in elsewhere or offer.actions.get(operation, 0) not in ours:
            return (offer.told.get(operation, examples.NOTHING),) * 2
        made = arguments.made(imported, operation, text)
        if isinstance(made, Refusal):
            return (told.refused(made),) * 2
        give_back()
        kind = (("content-type", headers.JSON_BODY),) if made.call.body else ()
        call = replace(made.call, headers=kind)
        reply = frontdoor().call_blocking(address.name, call, source="simulator", key_id=ANY_KEY, revision=number).reply
        found = told.answer(reply.status, reply.body).text
        kept = found.encode() if keeps_bodies(masks, operation) else b""
        return found, redaction.body(kept, "application/json", masks, "response").decode("utf-8", "replace")

    return perform


def _elsewhere(contract: Contract) -> frozenset[str]:
    """The operations that another server may answer."""
    return frozenset(
        op.operation_id for op in contract.operations if any(isinstance(one, Proxy) for one in inside(op.behaviour))
    )


def _ours(run: PromptRun) -> frozenset[int]:
    """The actions whose calls go to this project's address: its own, and those of the GPT that name it."""
    gpt = run.suite.gpt
    rows = gpt.actions.filter(address__project=run.suite.project_id) if gpt is not None else ()
    return frozenset([0, *(row.pk for row in rows)])
