"""The filter language of the log: ``read`` what was typed, ``complete`` what is being typed, ``HELP`` on all of it."""

from actionstudio.apps.traffic.asking.completing import Suggestion, complete
from actionstudio.apps.traffic.asking.reading import MOST, Asked, Part, Problems, Wrong, doubts, notes, read
from actionstudio.apps.traffic.asking.term import TERMS, Term
from actionstudio.apps.traffic.asking.terms import HELP

__all__ = [
    "HELP", "MOST", "TERMS", "Asked", "Part", "Problems", "Suggestion", "Term", "Wrong", "complete", "doubts", "notes",
    "read",
]  # fmt: skip
