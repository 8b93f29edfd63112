"""What a model is asked with: the instructions, the tools of all actions, and the branch as a protocol's messages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.simulator.calling.acting import Acting, barred
from actionstudio.apps.simulator.chatting import means
from actionstudio.apps.simulator.chatting.branching import Branch
from actionstudio.apps.simulator.models import Action, Chat, Gpt, Message, Sheet
from actionstudio.apps.simulator.providers.provider import Prompt, Said, Tool, Wish
from actionstudio.core.chatgpt.files import Sent
from actionstudio.core.problem import Refused

Role = Message.Role
LONGEST_NAME = 64
UNDONE = "The user stopped this call before it was made."
STOPPED = "The user stopped this call."
LOST = "This call was interrupted. Whether it arrived is not known."


@dataclass(frozen=True)
class Deck:
    """The actions of a GPT as a model has them. ``tools`` have unique names; ``actings`` are by the Action's pk.
    ``faults`` say why an action is missing."""

    actings: dict[int, Acting]
    actions: dict[int, Action]
    tools: tuple[Tool, ...]
    namespaces: str
    faults: tuple[str, ...] = ()

    def tool(self, name: str) -> Tool | None:
        """The tool of that name; None when the model has made it up."""
        return next((tool for tool in self.tools if tool.name == name), None)


def deck(gpt: Gpt) -> Deck:
    """The deck of a GPT. Actions whose documents ChatGPT would refuse have no tools."""
    actions = {row.pk: row for row in gpt.actions.select_related("address__project", "gpt__project")}
    actings, faults = {}, []
    for pk, row in actions.items():
        try:
            actings[pk] = means.acting(row)
        except Refused as refused:  # an address that is gone: the others can be called all the same
            faults.append(str(refused))
        else:
            if barred(gpt, actings[pk].domain):
                words = _("The workspace does not allow %(host)s, so the model has nothing of its action.")
                faults.append(words % {"host": actings[pk].domain})
    tools: list[Tool] = []
    for pk, acting in actings.items():
        taken = {tool.name for tool in tools}
        tools += [_named(tool, pk, acting.domain, taken) for tool in acting.tools]
    spaces = "\n\n".join(acting.imported.namespace for acting in actings.values() if acting.tools)
    return Deck(actings, actions, tuple(tools), spaces, tuple(faults))


def _named(tool: Tool, action: int, domain: str, taken: set[str]) -> Tool:
    """The tool under a name that no other action's has: two may call an operation the same."""
    name, number = tool.name, 2
    while name in taken:
        end = f"_{number}"
        name, number = tool.name[: LONGEST_NAME - len(end)] + end, number + 1
    return Tool(name, tool.description, tool.parameters, tool.operation_id, action, domain, tool.summary)


def prompt(chat: Chat, branch: Branch, deck: Deck, language: str) -> Prompt:
    """What the model is asked after the last message of ``branch``."""
    return Prompt(
        chat.gpt.instructions, said(branch.messages), deck.tools, namespaces=deck.namespaces, language=language
    )


def said(messages: Iterable[Message]) -> tuple[Said, ...]:
    """The messages as a protocol knows them. Every wish has its answer behind it, as the protocols demand."""
    found: list[Said] = []
    for message in messages:
        if message.role == Role.USER:
            found.append(Said("user", message.text, files=_files(message)))
        elif message.role == Role.ASSISTANT:
            wishes = tuple(Wish(**wish) for wish in message.data.get("wishes", ()))
            if message.text or wishes:
                found.append(Said("assistant", message.text, wishes))
        elif message.role == Role.CALL:
            wish = message.data["wish"]["id"]
            found.append(Said("tool", _told(message), answers=wish, files=_files(message)))
    return tuple(found)


def _files(message: Message) -> tuple[Sent, ...]:
    """What a person attached, or an answer brought: both can be handed on by their ids."""
    return tuple(Sent(one["key"], one["name"], one["mime_type"]) for one in message.data.get("files", ()) if one["key"])


def _told(message: Message) -> str:
    told = message.data.get("told")
    if told is not None:
        return told
    return LOST if message.data.get("begun") else UNDONE


def sheet(chat: Chat, prompt: Prompt, deck: Deck, label: str) -> str:
    """Keeps what a prompt says besides its messages, once a chat for each wording. Returns its digest."""
    body = {
        "model": label,
        "instructions": prompt.instructions,
        "namespaces": prompt.namespaces,
        "faults": list(deck.faults),
        "tools": [asdict(tool) for tool in prompt.tools],
        "temperature": prompt.temperature,
        "seed": prompt.seed,
    }
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    Sheet.objects.get_or_create(chat=chat, digest=digest, defaults={"body": body})
    return digest


def whole(message: Message, branch: Sequence[Message]) -> dict[str, Any]:
    """What an answer's model was asked with, {} for a message that is none or whose sheet is gone.

    ``branch`` leads to it. {"model", "instructions", "namespaces", "faults", "tools", "temperature", "seed",
    "messages": [{"role", "text", "wishes", "answers", "files"}]}.
    """
    kept = _sheet(message)
    if kept is None:
        return {}
    before = []
    for one in branch:
        if one.pk == message.pk:
            break
        before.append(one)
    return {**kept.body, "messages": [{**asdict(one), "text": one.whole} for one in said(before)]}


def others(message: Message, name: str) -> list[str]:
    """The names, each with its domain, under which an answer's model had the operation of that tool from other actions,
    too."""
    kept = _sheet(message)
    tools = kept.body["tools"] if kept else []
    operation = next((tool["operation_id"] for tool in tools if tool["name"] == name), "")
    same = [tool for tool in tools if operation and tool["operation_id"] == operation and tool["name"] != name]
    return [f"{tool['name']} ({tool['domain']})" for tool in same]


def _sheet(message: Message) -> Sheet | None:
    """What an answer's model was asked with besides the messages; None for a message that is none, or when it is
    gone."""
    asked = message.data.get("prompt") if message.role == Role.ASSISTANT else None
    return Sheet.objects.filter(chat_id=message.chat_id, digest=asked["sheet"]).first() if asked else None
