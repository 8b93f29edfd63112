"""How pages call what the importer says: levels, how sure it is, outcomes; each with its colour and icon."""

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.web.marks import LEVELS, SURE, Mark

__all__ = ["LAYERS", "LEVELS", "OUTCOMES", "SURE", "Mark"]
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
