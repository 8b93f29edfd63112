"""Contract -> a sensible start of its privacy policy and of its legal page, in Markdown, to be edited by its owner."""

from __future__ import annotations

from urllib.parse import urlsplit

from actionstudio.core.auth import ApiKey, NoAuth, OAuth, ServiceHttp, UserHttp
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.resolve import Resolver
from actionstudio.core.specs import gpt
from actionstudio.core.specs.typescript import arguments_of

_MOST = 30
_SECRET = (
    "Every call carries a secret that the maker of the GPT has set. It shows which GPT is calling, not who you are. It "
    "is compared, never shown, and hidden in the log."
)
_USER_KEY = (
    "Every call carries a key that was given to you. It shows that you are calling. It is compared, never shown, and "
    "hidden in the log; it can be withdrawn at any time."
)
_ACCOUNT = (
    "You sign in with an account of your own here, and decide what the GPT may do. Of you are kept the name with which "
    "you sign in, an e-mail address and a name if you gave them, a password that nobody can read, when you signed in "
    "last, and what you allowed to which app. The GPT gets a token, never your password; tokens are hidden in the log. "
    "Under [connected apps](connected) you see what you allowed, and can take it back."
)


def privacy(contract: Contract, *, days: int | None = None) -> str:
    """The privacy policy. ``days`` is how long calls stay in the log (None: until the maker deletes them)."""
    name = contract.title.strip() or "This action"
    parts = [
        f"# Privacy policy of {name}",
        f"{name} is an API that a GPT in ChatGPT may call for you. This page says what it receives, and what becomes "
        "of it.",
        "## What is received",
        "ChatGPT sends only what an operation asks for, and shows it to you before it is sent:",
        _received(contract),
        "With each call ChatGPT sends a few technical headers: the number of the conversation, a number that stands "
        "for you for a short time and does not tell who you are, and the number of the GPT.",
        *_secret(contract),
        "## What it is used for",
        "What is received is used to answer the call, and to find faults. It is not sold, not given to others, and not "
        "used for advertising.",
        "## How long it is kept",
        _kept(days),
        "## Your questions",
        _questions(contract),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def legal(contract: Contract) -> str:
    """The legal page."""
    name = contract.title.strip() or "This action"
    parts = [
        f"# Legal information about {name}",
        f"{name} is offered as it is, without any warranty, as far as the law allows that. Answers may be examples "
        "made for trying things out: do not rely on them where being wrong would do harm.",
        "Do not send what you may not share: other people's secrets, passwords, payment data or health records.",
        *_responsible(contract),
        "How personal data is treated stands in the [privacy policy](privacy).",
    ]
    return "\n\n".join(parts) + "\n"


def _responsible(contract: Contract) -> list[str]:
    """Who answers for it. Without an address nothing is said: a served page holds no notes to its owner."""
    mail = _mail(contract)
    return ["## Who is responsible", f"Contact: {mail}"] if mail else []


def _received(contract: Contract) -> str:
    resolver = Resolver(contract)
    operations = gpt.offered(contract)
    if not operations:
        return "- Nothing yet: there is no operation to call."
    lines = [_line(resolver, op) for op in operations[:_MOST]]
    if len(operations) > _MOST:
        lines.append(f"- and so on for {len(operations) - _MOST} more operations")
    return "\n".join(lines)


def _line(resolver: Resolver, op: Operation) -> str:
    deed = _plain(op.summary or op.operation_id or f"{op.method} {op.path}")
    names = [f"`{name.replace('`', '')}`" for name, *_ in arguments_of(resolver, op)]
    return f"- **{deed}**: {', '.join(names) if names else 'nothing but the call itself'}"


def _plain(text: str) -> str:
    """One line that Markdown takes as it is."""
    line = " ".join(text.split()).rstrip(".:")
    return "".join(f"\\{character}" if character in "\\`*_[]<>#|" else character for character in line)


def _secret(contract: Contract) -> list[str]:
    auth = contract.auth
    if isinstance(auth, ApiKey | ServiceHttp):
        return [_SECRET]
    if isinstance(auth, UserHttp):
        return [_USER_KEY]
    if isinstance(auth, OAuth):
        return [_ACCOUNT if auth.ours else _elsewhere(auth)]
    return ["You do not sign in, and no account is made for you."] if isinstance(auth, NoAuth) else []


def _elsewhere(auth: OAuth) -> str:
    host = urlsplit(auth.authorization_url).hostname or "another server"
    return (
        f"You sign in at {host}, where you decide what the GPT may do. The GPT gets a token from there and sends it "
        "with each call; it is hidden in the log. Your password is never sent here."
    )


def _kept(days: int | None) -> str:
    span = f"{days} days" if days != 1 else "1 day"
    until = "until the maker of this action deletes them" if days is None else f"for {span} and then deleted"
    return (
        "Calls and their answers are written to a log, which only the maker of this action can read. They are kept "
        f"{until}."
    )


def _questions(contract: Contract) -> str:
    mail = _mail(contract)
    ask = f"Write to {mail} to ask what is kept about you, or to have it deleted. " if mail else ""
    return (
        f"{ask}What ChatGPT itself keeps is described in "
        "[OpenAI's privacy policy](https://openai.com/policies/privacy-policy)."
    )


def _mail(contract: Contract) -> str:
    address = contract.contact_email.strip()
    return f"<{address}>" if address else ""
