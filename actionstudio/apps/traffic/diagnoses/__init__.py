"""What was probably wrong with a call, and the cure: one file a diagnosis, each in found/."""

import importlib
import pkgutil

from actionstudio.apps.traffic.diagnoses import found
from actionstudio.apps.traffic.diagnoses.case import Case
from actionstudio.apps.traffic.diagnoses.diagnosis import ACROSS, CALLS, Diagnosis, Group, across, of

__all__ = ("ACROSS", "CALLS", "Case", "Diagnosis", "Group", "across", "of")

for _module in sorted(one.name for one in pkgutil.iter_modules(found.__path__)):
    importlib.import_module(f"{found.__name__}.{_module}")
