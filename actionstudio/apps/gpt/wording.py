"""How pages call what the importer says: levels, how sure it is, outcomes; each with its colour and icon."""

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
}
SURE = {
    "A": lazy("OpenAI's documentation says so"),
    "B": lazy("reproduced with ChatGPT's own code"),
    "C": lazy("several independent reports"),
    "D": lazy("one report"),
    "E": lazy("our conclusion"),
}
OUTCOMES = {
    "refused": Mark("bad", "circle-x", lazy("Refused")),
    "losing": Mark("bad", "triangle-alert", lazy("Losing")),
    "noisy": Mark("warn", "triangle-alert", lazy("Red lines")),
    "silent": Mark("ok", "circle-check", lazy("Clean")),
}
LAYERS = {
    "structure": lazy("structural check"),
    "converter": lazy("converter"),
    "browser": lazy("your browser"),
    "silent": lazy("said by nobody"),
}
