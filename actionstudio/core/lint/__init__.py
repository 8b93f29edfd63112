"""What ChatGPT would refuse, drop or misunderstand, and what would serve it better."""

from actionstudio.core.lint.check import check, covers, open_ones, pressing
from actionstudio.core.lint.rule import LEVELS, RULES, TARGETS, TOPICS, Finding, Rule

__all__ = ["LEVELS", "RULES", "TARGETS", "TOPICS", "Finding", "Rule", "check", "covers", "open_ones", "pressing"]
