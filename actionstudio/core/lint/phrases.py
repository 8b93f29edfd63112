"""Wordings that OpenAI's plugin rules advise against, in the languages of the studio (gpt-actions, “policy advice”).

Source: OpenAI, “Writing descriptions” and the usage policies for plugins of 2023. The lists are ours, and short on
purpose: a phrase stands here only if it hardly ever stands in a text that is right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Tells when to be called by what the user types, instead of saying what it does.
TRIGGERS = (
    r"when(?:ever)? the user (?:says?|asks?|types?|mentions?|wants?)",
    r"if the user (?:says?|asks?|types?|mentions?)",
    r"use this (?:tool |action |plugin |function )?when(?:ever)?",
    r"trigger(?:ed)? (?:by|when|on) the (?:word|phrase)",
    r"(?:当|每当|只要)用户(?:说|问|提到|输入)",
    r"(?:lorsque|quand|si|chaque fois que) l['’]utilisateur (?:dit|demande|mentionne|tape)",
    r"사용자가 .{0,12}?(?:말하면|물어보면|언급하면|입력하면)",
)
# Tells the model how to talk.
STEERING = (
    r"always (?:respond|reply|answer|say|tell|start|end)",
    r"(?:respond|reply|answer) (?:only )?(?:with|in) (?:the|a|an|exactly)\b",
    r"\bsay [\"'“‘]",
    r"you (?:are|must act|should act) (?:a|an|as)\b",
    r"in a (?:friendly|funny|formal|playful|cheerful|professional) (?:tone|voice|manner|way)",
    r"(?:始终|总是|必须)(?:回答|回复|说)",
    r"(?:réponds|répondez|dites?) toujours",
    r"toujours (?:répondre|dire|commencer)",
    r"(?:항상|반드시) .{0,10}?(?:대답|답변|말)",
)
# Urges use that nobody asked for.
URGING = (
    r"even (?:if|when) (?:the user (?:does|did) not|not) ask",
    r"without (?:asking|telling|informing) the user",
    r"proactively",
    r"as often as (?:possible|you can)",
    r"always (?:use|call|invoke|prefer) (?:this|me|it)",
    r"(?:即使|哪怕)用户没有(?:要求|问)",
    r"(?:même|meme) si l['’]utilisateur ne (?:le )?demande pas",
    r"(?:요청|요구)하지 않(?:아도|더라도)",
)
# Speaks about other tools.
RIVALS = (
    r"(?:instead of|rather than|do not use|don't use|never use|avoid) (?:any )?(?:other|another) "
    r"(?:tool|plugin|action|gpt)s?",
    r"(?:do not|don't|never) (?:browse|use (?:the )?(?:web|browsing|search))",
    r"ignore (?:all |any |the )?(?:previous|prior|other|earlier) (?:instruction|prompt|tool|plugin)s?",
    r"(?:不要|请勿)使用其他(?:工具|插件)",
    r"忽略(?:之前|先前|其他)的(?:指令|提示)",
    r"(?:au lieu d['’]|n['’]utilise[zr]? (?:pas|jamais) d['’])autres? (?:outil|plugin|action)s?",
    r"다른 (?:도구|플러그인).{0,8}?(?:대신|사용하지)",
)
# Says that calls take long.
SLOW = (
    r"(?:takes?|can take|may take|up to|about|around) (?:\w+ )?(?:(?:[2-9]|\d\d+) )?minutes",
    r"(?:takes?|can take|may take) (?:a|several|some|many|few) (?:minute|hour)s?",
    r"long[- ]running",
    r"runs? (?:in the background|asynchronously)",
    r"(?:需要|耗时)(?:几|数|\d+)分钟",
    r"(?:plusieurs|quelques) minutes",
    r"몇 분",
)
# Sends something to other people.
SENDING = (
    r"\b(?:sends?|posts?|publish(?:es)?|tweets?) (?:an? |the |your )?(?:\w+ )?"
    r"(?:e-?mail|mail|message|sms|tweet|post|reply|letter)s?\b",
    r"(?:发送|发布)(?:一封|一条)?(?:邮件|电子邮件|消息|短信|帖子)",
    r"envoie(?:r)? (?:un |une |le |la )?(?:e-?mail|courriel|message|sms)",
    r"(?:이메일|메일|메시지|문자)(?:를|을) ?(?:보내|전송|발송)",
)
MARKED = (r"\bAI\b", r"generated|assistant|ChatGPT|人工智能|生成|IA\b|généré|생성|인공지능")


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds the first of some wordings. ``needles``: a text without any of these has none of them; asked first."""

    pattern: re.Pattern[str]
    needles: tuple[str, ...]

    def search(self, text: str) -> re.Match[str] | None:
        """The first of them in ``text``."""
        small = text.lower()
        return self.pattern.search(text) if any(needle in small for needle in self.needles) else None


def finder(phrases: tuple[str, ...], *needles: str) -> Finder:
    """Finds these phrases; each has one of the ``needles`` (small letters) in it."""
    return Finder(re.compile("|".join(phrases), re.IGNORECASE), needles)


FIND_TRIGGERS = finder(TRIGGERS, "the user", "use this", "trigger", "用户", "utilisateur", "사용자")
FIND_STEERING = finder(
    STEERING,
    *(
        "always",
        "respond",
        "reply",
        "answer",
        "say",
        "you ",
        "in a ",
        "回答",
        "回复",
        "说",
        "toujours",
        "항상",
        "반드시",
    ),
)
FIND_URGING = finder(
    URGING, *("even ", "without ", "proactively", "as often", "always", "用户没有", "me si l", "하지 않")
)
FIND_RIVALS = finder(RIVALS, *("other", "not ", "n't ", "never ", "ignore", "其他", "忽略", "autre", "다른"))
FIND_SLOW = finder(SLOW, "minute", "hour", "running", "background", "asynchron", "分钟", "몇 분")
FIND_SENDING = finder(SENDING, "send", "post", "publish", "tweet", "发", "envoie", "메일", "메시지", "문자")
FIND_MARKED = re.compile("|".join(MARKED))
