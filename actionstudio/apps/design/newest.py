"""What a project promises now, for pages that only read: its newest version, remembered as one object.

Every change of the working copy freezes a version, so both say the same. What is made of a contract (the GPT profile,
the simulated import) is remembered by the object, and serves the next page too.
"""

import threading
from collections import OrderedDict

from actionstudio.apps.design import load
from actionstudio.apps.projects.models import Project
from actionstudio.core.contract import Contract

KEPT = 8  # contracts in memory
_known: OrderedDict[int, Contract] = OrderedDict()
_lock = threading.Lock()


def contract(project: Project) -> Contract:
    """The newest version's contract. One query when it is known, two when not."""
    newest = project.revisions.order_by("-number").values_list("pk", flat=True).first()
    if newest is None:
        return load.contract(project)
    with _lock:
        found = _known.get(newest)
        if found is not None:
            _known.move_to_end(newest)
            return found
    made = project.revisions.get(pk=newest).contract()
    with _lock:
        kept = _known.setdefault(newest, made)
        while len(_known) > KEPT:
            _known.popitem(last=False)
    return kept


def forget() -> None:
    """Empties the memory: row ids of another database repeat."""
    with _lock:
        _known.clear()
