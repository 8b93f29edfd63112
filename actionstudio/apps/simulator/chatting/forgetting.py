"""What chats hold of logged calls goes with them when somebody deletes them, or is hidden again by today's rules.

Of such a call what was sent, what came and what the model was told goes from its row; the wish goes from the answer
that wished for it; and what the model answered goes, up to the next sentence of the person: it tells of what came. What
travelled to the model's server goes from all later answers. What the person typed stays; deleting the chat takes that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator.chatting import turning
from actionstudio.apps.simulator.models import Chat, File, Message
from actionstudio.apps.traffic import redaction
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.hiding import keeps_bodies

FORGOTTEN = "What was told here was deleted."
HIDDEN = "What was told here is hidden by a rule now."
CHUNK = 50
Role = Message.Role
type JSON = Any
type Data = dict[str, JSON]


def forget(project_id: int, ids: Sequence[int]) -> int:
    """Empties the calls that chats made as these exchanges of the project. How many those were."""
    made = Exchange.objects.filter(project_id=project_id, pk__in=ids, source="simulator").exclude(conversation_id="")
    talks = dict(made.values_list("pk", "conversation_id"))
    gone = {Exchange(id=pk).public_id for pk in talks}
    chats = list(Chat.objects.filter(conversation__in=set(talks.values()))) if talks else []
    return sum(_gone_through(chat, lambda data: _emptied(data, gone), FORGOTTEN) for chat in chats)


def again(project: Project, masks: frozenset[str]) -> int:
    """Hides in the chats of a project what today's rules hide; how many calls were changed."""
    found, last = 0, 0
    while part := list(Chat.objects.filter(gpt__project=project, pk__gt=last).order_by("pk")[:CHUNK]):
        found += sum(_gone_through(chat, lambda data: _hidden(data, masks), HIDDEN) for chat in part)
        last = part[-1].pk
    return found


def _gone_through(chat: Chat, change: Callable[[Data], Data], word: str) -> int:
    """Changes the calls of a chat, and what other messages hold of those. How many calls; when there are any, a turn
    that is at work is stopped: it would go on with what is gone."""
    if not any(change(one.data) != one.data for one in Message.objects.filter(chat=chat, role=Role.CALL)):
        return 0
    turning.stop(chat)
    messages = {one.pk: one for one in Message.objects.filter(chat=chat)}
    calls = [one for one in messages.values() if one.role == Role.CALL and change(one.data) != one.data]
    for call in calls:
        _drop_files(call.data)
        call.data = change(call.data)
        _unwish(messages.get(call.data.get("answer") or 0), call)
    told, first = _told_of(messages, (call.pk for call in calls)), min((call.pk for call in calls), default=0)
    later = [one for one in messages.values() if one.role == Role.ASSISTANT and one.pk > first]
    for answer in later:
        answer.data |= {"raw": None}
        answer.text = word if answer.text and answer.pk in told else answer.text
    Message.objects.bulk_update(messages.values(), ["data", "text"], batch_size=100)
    return len(calls)


def _unwish(answer: Message | None, call: Message) -> None:
    """The wish for a call in the answer that wished for it, as the call's row has it now."""
    if answer is None:
        return
    wish = call.data["wish"]
    wishes = [wish if one.get("id") == wish["id"] else one for one in answer.data.get("wishes") or ()]
    answer.data |= {"wishes": wishes, "why": {}, "raw": None}


def _told_of(messages: Mapping[int, Message], calls: Iterable[int]) -> set[int]:
    """The answers behind these calls, up to what the person says next."""
    found = set(calls)
    for pk in sorted(messages):
        one = messages[pk]
        if one.role != Role.USER and one.parent_id in found:
            found.add(pk)
    return found


def _drop_files(data: Data) -> None:
    if keys := [one["key"] for one in data.get("files") or () if one.get("key")]:
        File.objects.filter(key__in=keys).delete()


def _emptied(data: Data, gone: set[str]) -> Data:
    if not any(one["exchange"] in gone for one in data.get("attempts", ())):
        return data
    wish = {**data["wish"], "arguments": "{}"}
    return {**data, "wish": wish, "arguments": "{}", "attempts": [], "files": [], "told": FORGOTTEN, "why": {}}


def _hidden(data: Data, masks: frozenset[str]) -> Data:
    """A call as the rules would have it kept."""
    new = {**data, "attempts": [_attempt(one, masks, data["operation"]) for one in data.get("attempts", ())]}
    for name, side in (("arguments", "request"), ("told", "response")):
        if name in data:
            new[name] = _text(data[name], "application/json", masks, side)
    wish = data["wish"]
    new["wish"] = {**wish, "arguments": _text(wish["arguments"], "application/json", masks, "request")}
    if "attempts" not in data:
        del new["attempts"]
    return new if new == data else {**new, "why": {}}


def _attempt(tried: Data, masks: frozenset[str], operation: str) -> Data:
    new = {**tried, "url": _url(tried["url"], masks)}
    for side in ("request", "response"):
        pairs = [tuple(pair) for pair in tried[f"{side}_headers"]]
        kind = next((value for name, value in pairs if name.lower() == "content-type"), "")
        new[f"{side}_headers"] = [list(pair) for pair in redaction.headers(pairs, masks, side)]
        kept = keeps_bodies(masks, operation)
        new[f"{side}_body"] = _text(tried[f"{side}_body"], kind, masks, side) if kept else ""
    return new


def _url(url: str, masks: frozenset[str]) -> str:
    where, mark, query = url.partition("?")
    path = urlsplit(where).path
    return f"{where.removesuffix(path)}{redaction.path(path, masks)}{mark}{redaction.query(query, masks)}"


def _text(text: str, kind: str, masks: frozenset[str], side: str) -> str:
    return redaction.body(text.encode("utf-8", "surrogateescape"), kind, masks, side).decode("utf-8", "replace")
