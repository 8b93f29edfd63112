"""The guides of the help pages: Markdown files beside this module, rendered once."""

import functools
from dataclasses import dataclass
from pathlib import Path

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as lazy
from markdown_it import MarkdownIt

FOLDER = Path(__file__).parent / "guides"


@dataclass(frozen=True)
class Guide:
    """One topic of the help."""

    key: str
    title: str
    summary: str
    icon: str


GUIDES = (
    Guide(
        "first-action", lazy("Your first action"), lazy("From nothing to an API that answers, in a minute."), "rocket"
    ),
    Guide(
        "importing",
        lazy("Importing what you have"),
        lazy("OpenAPI, Swagger, Postman, curl, HAR, a manifest or a sample: what becomes of it."),
        "upload",
    ),
    Guide(
        "connect-to-gpt",
        lazy("Connect it to a GPT"),
        lazy("What to paste where in ChatGPT, and what it checks."),
        "bot",
    ),
    Guide(
        "what-chatgpt-says",
        lazy("What ChatGPT says, and how to mend it"),
        lazy("The GPT editor's red lines: what each really does, and what repairs it."),
        "circle-check",
    ),
    Guide(
        "mock-answers",
        lazy("How a mock answers"),
        lazy("Examples, rows that are kept, rules, templates, a real API behind it, and faults on demand."),
        "layers",
    ),
    Guide("api-keys", lazy("API keys"), lazy("Ask for a key, hand out several, revoke one."), "key-round"),
    Guide(
        "sign-in",
        lazy("People sign in"),
        lazy("OAuth with accounts of your project, and what to do when it does not work."),
        "users",
    ),
    Guide("the-log", lazy("The log"), lazy("Every call, whole and searchable, as it happens."), "activity"),
    Guide(
        "data",
        lazy("What the log keeps, and how it goes"),
        lazy("How long and how much, rules that hide, deleting, and a person's data."),
        "shield",
    ),
    Guide(
        "conversations",
        lazy("Conversations"),
        lazy("The calls of one chat together, and what ChatGPT says of them beside the log."),
        "message-square",
    ),
    Guide("replay", lazy("Replay"), lazy("Send a logged call again and see what changed."), "history"),
    Guide("suites", lazy("Suites"), lazy("Calls kept as tests: on every save, on a schedule, in CI."), "square-check"),
    Guide(
        "simulator",
        lazy("The simulator"),
        lazy("Chat with your action as in ChatGPT: its calls, its questions, and what is behind them."),
        "message-square",
    ),
    Guide(
        "models",
        lazy("Models"),
        lazy("The scripted model, OpenAI's, or one on your own computer: who answers in chats and prompts."),
        "bot",
    ),
    Guide(
        "prompts",
        lazy("Prompts"),
        lazy("Sentences of users kept as tests: which operation does a model choose?"),
        "text-cursor-input",
    ),
)


def guide(key: str) -> Guide | None:
    """The guide of that key."""
    return next((found for found in GUIDES if found.key == key), None)


def html(key: str) -> SafeString:
    """The guide's text in the reader's language, or in English where it is not translated."""
    return _rendered(key, get_language() or "en")


@functools.cache
def _rendered(key: str, language: str) -> SafeString:
    path = FOLDER / language / f"{key}.md"
    if not path.exists():
        path = FOLDER / "en" / f"{key}.md"
    return mark_safe(nh3.clean(MarkdownIt("commonmark").enable("table").render(path.read_text())))
