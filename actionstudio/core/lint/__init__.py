"""What ChatGPT would refuse, drop or misunderstand, and what would serve it better."""

from actionstudio.core.lint.check import check
from actionstudio.core.lint.rule import LEVELS, RULES, Finding, Rule

__all__ = ["LEVELS", "RULES", "Finding", "Rule", "check"]
