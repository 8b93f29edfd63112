"""What is said where nothing is called: a greeting back, what can be done here, which of two was meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actionstudio.core.scripted import small
from actionstudio.core.scripted.lexicon import fillers
from actionstudio.core.scripted.said import Sentence
from actionstudio.core.scripted.tool import Tool, title
from actionstudio.core.words import said, said_n

SHOWN = 6  # operations that are told of as what can be done
_HELP = re.compile(
    r"^\W*(?:(?:so |and |hi,? |hello,? )?what (?:can|could|do|else can) (?:you|i|we) (?:do|ask|help)\b.{0,30}"
    r"|help(?: me)?|how can you help(?: me)?|what are you able to do.{0,12}"
    r"|(?:que|qu'est-ce que tu|qu’est-ce que tu) (?:peux|sais|pouvez|savez)(?:-tu|-vous)?(?: me)? ?faire.{0,20}"
    r"|aide(?:-moi)?"
    r"|tu peux faire quoi|(?:你|您)?(?:能|会|可以)(?:帮我)?(?:做|干)?(?:什么|哪些事|些什么)|帮助|有什么功能"
    r"|(?:뭘|무엇을|뭐를?) ?할 수 (?:있어|있나요|있니|있어요)|도움말|도와줘)\W*$",
    re.I,
)


def small_talk(sentence: Sentence, tools: Sequence[Tool]) -> tuple[str, ...]:
    """The answer to thanks, to a greeting, and to "what can you do?"; () for anything else."""
    text = sentence.text.strip()
    if small.says(text, fillers.THANKS):
        return (said("You are welcome."),)
    if _HELP.match(text):
        return (said("I am the scripted model: I choose by words, not by thinking."), *abilities(tools))
    if small.says(text, fillers.GREETING):
        return (said("Hello. I am the scripted model: I choose by words, not by thinking."), *abilities(tools))
    return ()


def nothing_fits(tools: Sequence[Tool]) -> tuple[str, ...]:
    """That no operation fits, and which there are."""
    first = said("Nothing here fits that. I am the scripted model and choose by the words of the action alone.")
    return (first, *abilities(tools))


def abilities(tools: Sequence[Tool]) -> tuple[str, ...]:
    """What can be done here, in words."""
    lines: list[str] = [said("This is what can be asked for:")]
    lines += [f"- {_summary(tool, tools)}" for tool in tools[:SHOWN]]
    if len(tools) > SHOWN:
        lines.append(said_n("… and %(n)s more.", "… and %(n)s more.", len(tools) - SHOWN))
    return tuple(lines)


def which(tools: Sequence[Tool]) -> tuple[str, ...]:
    """The question which of these was meant."""
    if len(tools) == 2:
        first, second = (title(tool, tools) for tool in tools)
        return (said("Did you mean %(first)s or %(second)s?", first=first, second=second),)
    return (said("Did you mean one of these?"), *(f"{n}. {_summary(tool, tools)}" for n, tool in enumerate(tools, 1)))


def _summary(tool: Tool, tools: Sequence[Tool]) -> str:
    text = re.split(r"(?<=[.!?。！？])\s|\n", tool.description.strip(), maxsplit=1)[0]
    name = title(tool, tools)
    return f"{name}: {text}" if text else name
