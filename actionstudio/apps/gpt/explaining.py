"""Why a repair that was asked for by name is not offered, and where to go instead."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from actionstudio.apps.gpt import repairing
from actionstudio.apps.projects.models import Project
from actionstudio.apps.web.telling import told
from actionstudio.core.contract import Contract
from actionstudio.core.importer.profile import elsewhere, enabled, profile
from actionstudio.core.importer.repair import REPAIRS


@dataclass(frozen=True)
class Why:
    """``text`` says why, ``link`` what is behind ``url``."""

    text: str
    url: str
    link: str


def why(project: Project, contract: Contract, code: str) -> Why:
    """Why the repair ``code`` changes nothing of ``contract``."""
    title = {"title": repairing.title(code)}
    if code not in REPAIRS:
        return _to(project, "gpt:import", _("There is no repair called “%(title)s”.") % title)
    if REPAIRS[code].always:
        return _to(project, "gpt:import", _("“%(title)s” is done for ChatGPT in every document already.") % title)
    if code in contract.repairs:
        return _to(project, "gpt:import", _("“%(title)s” is on already.") % title)
    if REPAIRS[code].chooses:
        return _to(project, "gpt:choose", _("ChatGPT gets no more endpoints than it takes: nothing has to be hidden."))
    if code in elsewhere(contract):
        text = _("“%(title)s” concerns only endpoints that ChatGPT does not get. Offer them first if you want it.")
        return _to(project, "gpt:choose", text % title)
    notes = [note for note in profile(enabled(contract, [code])).notes if note.code == code]
    text = _("“%(title)s” would change nothing in what ChatGPT gets.") % title
    return _to(project, "gpt:import", " ".join([text, *(told(note.message) for note in notes[:3])]))


def _to(project: Project, page: str, text: str) -> Why:
    link = _("Choose operations") if page == "gpt:choose" else _("See what ChatGPT says")
    return Why(text, reverse(page, args=[project.slug]), link)
