"""Which messages of a chat's tree are shown: the branch that ends at its tip, with what stands beside each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from actionstudio.apps.simulator.models import Chat, Message

Role = Message.Role


@dataclass(frozen=True)
class Branch:
    """``messages`` from the first to the tip. ``beside`` gives, by pk, the messages with the same parent, oldest first
    (the message itself among them): an edit or a retry made the others."""

    messages: tuple[Message, ...]
    beside: dict[int, tuple[int, ...]]

    def __iter__(self) -> Iterator[Message]:
        return iter(self.messages)

    def __len__(self) -> int:
        return len(self.messages)

    @property
    def tip(self) -> Message | None:
        return self.messages[-1] if self.messages else None

    def siblings(self, message: Message) -> tuple[int, ...]:
        """The pks of a message and of those that stand in its place in other branches."""
        return self.beside.get(message.pk, (message.pk,))

    @property
    def calls(self) -> tuple[Message, ...]:
        """The calls at its end, one behind the other: those that the last answer wished for."""
        found = []
        for message in reversed(self.messages):
            if message.role != Role.CALL:
                break
            found.append(message)
        return tuple(reversed(found))

    @property
    def answers(self) -> int:
        """How often the model was asked since the person said something."""
        count = 0
        for message in reversed(self.messages):
            if message.role == Role.USER:
                break
            count += message.role == Role.ASSISTANT
        return count

    def upto(self, pk: int | None) -> tuple[Message, ...]:
        """The messages up to the one of that pk, itself among them; none for None."""
        found: list[Message] = []
        for message in self.messages if pk is not None else ():
            found.append(message)
            if message.pk == pk:
                break
        return tuple(found)


def branch(chat: Chat, tip: int | None = None) -> Branch:
    """The branch of ``chat`` that ends at its tip, or at the message of that pk. One query."""
    rows = {row.pk: row for row in Message.objects.filter(chat=chat)}
    children: dict[int | None, list[int]] = {}
    for row in rows.values():
        children.setdefault(row.parent_id, []).append(row.pk)
    found: list[Message] = []
    at = rows.get(chat.tip_id if tip is None else tip)
    while at is not None:
        found.append(at)
        at = rows.get(at.parent_id) if at.parent_id is not None else None
    beside = {row.pk: tuple(children[row.parent_id]) for row in found}
    return Branch(tuple(reversed(found)), beside)


def shown(chat: Chat) -> list[Message]:
    """The messages of the branch that is shown."""
    return list(branch(chat).messages)


def leaf(chat: Chat, message: Message) -> Message:
    """The newest end of the branches that lead through ``message``."""
    newest: dict[int | None, Message] = {}
    for row in Message.objects.filter(chat=chat).order_by("pk"):
        newest[row.parent_id] = row
    while message.pk in newest:
        message = newest[message.pk]
    return message


def asked(branch: Branch, message: Message) -> Message | None:
    """What the person said that ``message`` answers (itself, when it is what a person said)."""
    found = None
    for one in branch:
        if one.role == Role.USER:
            found = one
        if one.pk == message.pk:
            return found
    return None
