"""What is said where nothing is called: a greeting back, what can be done here, which of two was meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actionstudio.core.scripted import small
from actionstudio.core.scripted.lexicon import fillers
from actionstudio.core.scripted.said import Sentence
from actionstudio.core.scripted.tool import Tool, known, title
from actionstudio.core.scripted.words import terms
from actionstudio.core.words import said, said_n

_WRITES = re.compile(
    r"^(?:(?:please|can you|could you|would you|now)\s+)*(?:write|compose|make up|invent|tell|sing|give|recite)\s+"
    r"(?:(?:me|us|a|an|some|another|one|the)\s+)*(?:\w+\s+){0,2}"
    r"(?P<en>poem|story|stories|joke|song|haiku|essay|rap|limerick|tale|riddle|lyric)s?\b"
    r"|^(?:(?:s['’]il (?:te|vous) pla[iî]t|peux-tu|pouvez-vous)[\s,]+(?:m['’])?)*(?:[ée]cri\w*|compose[rz]?"
    r"|raconte[rz]?|invente[rz]?|dis|dites|chante[rz]?|récite[rz]?)(?:-moi|-nous)?\s+(?:moi\s+|nous\s+)?(?:une?|des)\s+"
    r"(?:\w+\s+){0,2}(?P<fr>po[èe]me|histoire|blague|chanson|ha[ïi]ku|conte|devinette|dissertation)s?\b"
    r"|^请?(?:你|帮我|给我)*(?:写|讲|编|作|唱|说|来)(?:一|两|几)?[首个篇段则].{0,20}(?P<zh>诗|故事|笑话|歌|歌词|作文|小说|谜语)\W*$"
    r"|(?:^|\s)(?P<ko>시|이야기|농담|노래|소설|동화|수필|수수께끼)(?:를|을|나)?\s(?:(?:하나|한|편|곡|좀)\s){0,2}"
    r"(?:써|지어|들려|해|불러|말해|만들어)\s?(?:줘|주세요|줄래|주시겠어요|봐)",
    re.I,
)
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


def writes(sentence: Sentence, tools: Sequence[Tool]) -> bool:
    """Whether the model itself is to make something up, a poem or a joke, that no tool speaks of."""
    found = _WRITES.search(sentence.text.strip())
    if found is None:
        return False
    word = found[found.lastgroup or 0].lower()
    things = set() if word[0] < "\u3000" else set(terms(word))
    return not any(word in _texts(tool) or things & set(known(tool).weights) for tool in tools)


def _texts(tool: Tool) -> str:
    return f"{tool.operation_id} {tool.description}".lower()


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
