"""Prompt suites as plain functions: what is expected of a model, how its calls are judged, and what the numbers say."""

from actionstudio.core.prompting.case import ASSISTANT, KINDS, USER, Case, Turn, Wanted, dump, load, problems
from actionstudio.core.prompting.matching import OPS, Matcher
from actionstudio.core.prompting.scoring import Called, Miss, Score, score

__all__ = [
    "ASSISTANT",
    "KINDS",
    "OPS",
    "USER",
    "Called",
    "Case",
    "Matcher",
    "Miss",
    "Score",
    "Turn",
    "Wanted",
    "dump",
    "load",
    "problems",
    "score",
]
