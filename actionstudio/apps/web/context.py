"""What every template of the dashboard may use: the theme, and the sentences that scripts say."""

from django.utils.translation import gettext as _

THEMES = ("light", "dark")


def kit(request) -> dict:
    """``theme`` (the cookie, else the profile, else the system's) and ``texts`` for the scripts."""
    return {"theme": _theme(request), "texts": _texts()}


def _theme(request) -> str:
    chosen = request.COOKIES.get("theme") or getattr(getattr(request, "user", None), "theme", "")
    return chosen if chosen in THEMES else ""


def _texts() -> dict[str, str]:
    return {
        "copied": _("Copied"),
        "session-ended": _("Your session ended. Reload the page and sign in again; your input is still here."),
        "server-error": _("The server answered {status}. Nothing was lost; try again."),
        "too-large": _("That is too large for the server to take."),
        "slow-down": _("Too many tries. Wait a moment, then try again."),
        "offline": _("No connection to the server. Your input is still here."),
        "live": _("Live"),
        "reconnecting": _("Reconnecting"),
        "paused": _("Paused"),
        "compare-with": _("Compare with v{n}"),
        "save-live": _("Save, live as v{n}"),
    }
