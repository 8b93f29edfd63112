"""What a project's log hides besides what it always does: rules, and the masks that carry them to every place."""

from actionstudio.core.hiding.masks import Masks, keeps_bodies, of_operation
from actionstudio.core.hiding.rule import MOST, WHERE, Rule, read

__all__ = ("MOST", "WHERE", "Masks", "Rule", "keeps_bodies", "of_operation", "read")
