"""The GPTs of a project: the first one, which is ready without a question, and what a person makes of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from actionstudio.apps.design import newest
from actionstudio.apps.oauth import registering
from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator import actions, automatic, places
from actionstudio.apps.simulator.models import Action, Gpt, PluginInstall
from actionstudio.core import limits
from actionstudio.core.contract import Contract
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.scripted import starting

STARTERS = 4  # made of a project by themselves
STARTERS_MOST, STARTER = 20, 300  # of a GPT, and characters of one
DOMAINS_MOST = 200  # in a workspace's list
MOST = 50  # GPTs of a project
NAME, DESCRIPTION, CATEGORY = 120, 300, 40  # characters
_LABEL = r"(?!-)[\w-]{1,63}(?<!-)"  # letters of any script: a workspace's list may hold international names
_DOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})*")


def first(project: Project) -> Gpt:
    """The project's first GPT, ready to use: made where there is none, with the project's own address as its action and
    with what callers need there. Two at once get the same one."""
    gpt = project.gpts.first()
    if gpt is None or not gpt.actions.exists():
        gpt = _made(project)
    ready(gpt)
    return gpt


def one(project: Project, key: str = "") -> Gpt:
    """The project's GPT of that key, ready to use; its first one without a key. Raises Refused where there is none."""
    if not key:
        return first(project)
    gpt = of_key(project, key)
    ready(gpt)
    return gpt


def of_key(project: Project, key: str, pointer: str = "/gpt") -> Gpt:
    """The project's GPT of that key, as it stands. Raises Refused at ``pointer``."""
    gpt = project.gpts.filter(key=key).first() if "\0" not in key else None
    if gpt is None:
        raise Refused(Problem(pointer, _("The project has no GPT of this key."), "unknown"))
    return gpt


def ready(gpt: Gpt) -> None:
    """Brings up to date what follows the project by itself: call it before a GPT is used."""
    for action in gpt.actions.filter(automatic=True).select_related("client", "gpt", *_ADDRESS):
        automatic.settle(action)


def make(project: Project, given: Mapping[str, Any]) -> Gpt:
    """A new GPT with what is given of ``name``, ``description``, ``instructions``, ``starters``, ``public``,
    ``category`` and ``domains``; the project's own address is its first action. Raises Refused."""
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if project.gpts.count() >= MOST:
            said = _("Use at most %(n)s GPTs for a project; delete one first.") % {"n": MOST}
            raise Refused(Problem("", said, "many"))
        gpt = change(Gpt(project=project), {"name": "", **given})
        _own(gpt)
    ready(gpt)
    return gpt


def change(gpt: Gpt, given: Mapping[str, Any]) -> Gpt:
    """Other values for what is given. Raises Refused, and then nothing was changed."""
    if found := [*problems(given)]:
        raise Refused(*found)
    for name, value in given.items():
        setattr(gpt, name, value.strip() if name in ("name", "description", "category") else value)
    gpt.save()
    return gpt


def delete(gpt: Gpt) -> None:
    """The GPT with its chats, and with what was made for its actions."""
    with transaction.atomic():
        for action in gpt.actions.select_related("client", *_ADDRESS):
            actions.remove(action)
        gpt.delete()


def _made(project: Project) -> Gpt:
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        gpt = project.gpts.first()
        if gpt is None:
            starters = starters_of(newest.contract(project))
            gpt = Gpt.objects.create(
                project=project, name=project.name, description=project.description, starters=starters
            )
        if not gpt.actions.exists():
            _own(gpt)
        _sweep(project)
    return gpt


def _own(gpt: Gpt) -> None:
    """The project's own address becomes an action of the GPT, if it has one."""
    address = gpt.project.addresses.first()
    if address is not None:
        privacy = f"{places.base_of(address)}/privacy"
        Action.objects.create(gpt=gpt, address=address, automatic=True, privacy_url=privacy)


def _sweep(project: Project) -> None:
    """Deletes the clients of actions that went with their address."""
    used = Action.objects.filter(client__project=project).values("client")
    installed = PluginInstall.objects.filter(client__project=project).values("client")
    for client in project.clients.filter(registering.SIMULATED).exclude(pk__in=used).exclude(pk__in=installed):
        registering.delete(client)


def starters_of(contract: Contract) -> list[str]:
    """Sentences to begin with: what the first operations do, in their author's words, with their examples' values."""
    return starting.sentences(contract)[:STARTERS]


_ADDRESS = ("address", "address__project", "address__pinned")


def problems(given: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the given fields, in ChatGPT's words where it has some (PUB-02 in docs/chatgpt-rules.md)."""
    if "name" in given and not given["name"].strip():
        yield Problem("/name", _("GPT name cannot be empty. Write what people call it."), "required")
    for name, most in (("name", NAME), ("description", DESCRIPTION), ("category", CATEGORY)):
        if len(given.get(name, "").strip()) > most:
            yield Problem(f"/{name}", _("Use at most %(n)s characters.") % {"n": most}, "long")
    if len(given.get("instructions", "")) > limits.INSTRUCTIONS:
        said = _("GPT instructions too long: they have %(n)s characters, and ChatGPT takes %(most)s.")
        yield Problem("/instructions", said % {"n": len(given["instructions"]), "most": limits.INSTRUCTIONS}, "long")
    yield from _of_list("/starters", given.get("starters") or (), STARTERS_MOST, STARTER)
    yield from _of_domains(given.get("domains") or ())
    texts = [value for value in given.values() if isinstance(value, str)]
    if any("\0" in text for text in [*texts, *(given.get("starters") or ()), *(given.get("domains") or ())]):
        yield Problem("", _("Leave out the NUL character: no database keeps it."), "nul")


def _of_domains(found: Sequence[str]) -> Iterator[Problem]:
    wrong = [*_of_list("/domains", found, DOMAINS_MOST, 253)]
    if not wrong and (odd := [one for one in found if not _DOMAIN.fullmatch(one)]):
        said = _("“%(text)s” is no domain. Write one a line, such as example.com: no https://, no path, no port, no *.")
        wrong = [Problem("/domains", said % {"text": odd[0]}, "domain")]
    yield from wrong


def _of_list(pointer: str, found: Iterable[str], most: int, longest: int) -> Iterator[Problem]:
    found = list(found)
    if len(found) > most:
        yield Problem(pointer, _("Use at most %(n)s lines.") % {"n": most}, "many")
    if any(len(one) > longest for one in found):
        yield Problem(pointer, _("Use at most %(n)s characters a line.") % {"n": longest}, "long")
