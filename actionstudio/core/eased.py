"""What may be written in two ways in the JSON of an answer: read as the one that is meant."""

import re
from typing import Any


def eased(data: Any, *, fault: bool = False) -> Any:
    """The same JSON of a behaviour, of what stands around one, or of a ``fault``: a fault's status that is written as a
    text, as the statuses of all other ways to answer are, becomes the number."""
    if not isinstance(data, dict):
        return data
    made = dict(data)
    status = made.get("status")
    if (fault or made.get("kind") == "fault") and isinstance(status, str) and re.fullmatch(r"([1-9][0-9]{2})?", status):
        made["status"] = int(status or 0)
    for name in ("answer", "otherwise"):
        if name in made:
            made[name] = eased(made[name])
    for name in ("rules", "faults"):
        if isinstance(made.get(name), list):
            made[name] = [eased(one, fault=name == "faults") for one in made[name]]
    return made
