"""How pages call what the checks and the importer say: levels and how sure it is, with colours and icons."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as lazy


@dataclass(frozen=True)
class Mark:
    """A badge: its class, icon and words."""

    cls: str
    icon: str
    label: str


LEVELS = {
    "fatal": Mark("bad", "circle-x", lazy("Everything refused")),
    "drops-op": Mark("bad", "circle-x", lazy("Operation lost")),
    "drops-param": Mark("warn", "triangle-alert", lazy("Parameter lost")),
    "degrades": Mark("warn", "triangle-alert", lazy("GPT sees less")),
    "cosmetic": Mark("", "info", lazy("No effect")),
    "publish": Mark("info", "info", lazy("Only when shared")),
    "advice": Mark("", "info", lazy("Advice")),
}
SURE = {
    "A": lazy("OpenAI's documentation says so"),
    "B": lazy("reproduced with ChatGPT's own code"),
    "C": lazy("several independent reports"),
    "D": lazy("one report"),
    "E": lazy("our conclusion"),
}
TARGETS = {
    "gpt": lazy("GPT"),
    "plugin": lazy("Plugin"),
    "mcp": lazy("MCP"),
    "openai": lazy("OpenAI functions"),
}
TOPICS = {
    "import": lazy("What ChatGPT's import refuses or drops"),
    "calls": lazy("What goes wrong when ChatGPT calls"),
    "texts": lazy("What the model reads"),
    "policy": lazy("What OpenAI asks of descriptions and answers"),
    "publish": lazy("What is needed to share"),
    "plugin": lazy("Plugins of 2023"),
    "tools": lazy("Functions and MCP tools"),
    "quality": lazy("Good OpenAPI"),
}
