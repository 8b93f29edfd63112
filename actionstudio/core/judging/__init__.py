"""Judges the answers of a call that was sent again: verdict, noise, reasons, and many of them by what changed."""

from actionstudio.core.judging.grouping import Group, grouped
from actionstudio.core.judging.judge import judge, turned
from actionstudio.core.judging.kinds import KINDS
from actionstudio.core.judging.noise import noise_between, noisy_name
from actionstudio.core.judging.promise import Promise
from actionstudio.core.judging.reasons import BROKEN, CHANGED, SAME, Judgement, Noise, Reason, packed, unpacked
from actionstudio.core.judging.rules import ALL, Rules

__all__ = [
    "ALL",
    "BROKEN",
    "CHANGED",
    "KINDS",
    "SAME",
    "Group",
    "Judgement",
    "Noise",
    "Promise",
    "Reason",
    "Rules",
    "grouped",
    "judge",
    "noise_between",
    "noisy_name",
    "packed",
    "turned",
    "unpacked",
]
