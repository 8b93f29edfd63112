"""Callbacks: what an operation declares to call once it has answered, planned with the answer and sent after it."""

from actionstudio.runtime.callbacks.desk import Desk, Job
from actionstudio.runtime.callbacks.planning import Caller, Planned, caller

__all__ = ["Caller", "Desk", "Job", "Planned", "caller"]
