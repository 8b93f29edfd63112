"""What ChatGPT says to a project in one line, made once a revision: the overview asks for it each time."""

from typing import Any

from django.core.cache import cache

from actionstudio.apps.design import newest
from actionstudio.apps.gpt import simulating
from actionstudio.apps.gpt.wording import OUTCOMES
from actionstudio.apps.projects.models import Project
from actionstudio.core.importer.profile import applicable
from actionstudio.core.importer.verdict import verdict
from actionstudio.core.words import packed, unpacked

HOUR = 3600


def brief(project: Project) -> dict[str, Any]:
    """The outcome's ``mark``, the ``sentence``, and whether there is something that repairs would ``mend``."""
    made = project.revisions.values_list("created", flat=True).first()
    base = simulating.address_of(project)
    key = f"chatgpt-brief:{project.pk}:{made and made.timestamp()}:{base}"
    known = cache.get(key)
    if known is None:
        contract = newest.contract(project)
        found = verdict(simulating.served(contract, base))
        mend = (bool(found.lines) or bool(found.denied)) and bool(applicable(contract))
        known = (found.outcome, packed(found.sentence), mend)
        cache.set(key, known, HOUR)
    outcome, sentence, mend = known
    return {"mark": OUTCOMES[outcome], "sentence": unpacked(sentence), "mend": mend}
