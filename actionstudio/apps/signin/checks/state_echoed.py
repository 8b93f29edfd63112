"""state comes back unchanged, with errors too"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.signin.checks.check import Found, finding, passed, review, untried
from actionstudio.apps.signin.checks.look import Look


@review(
    level="medium",
    source="RFC 6749, 4.1.2 and 4.1.2.1; RFC 9700, 4.7",
    lost=lazy("An error came back without the state that was sent."),
    changed=lazy("The state came back changed."),
)
def check(look: Look) -> Found:
    """Sends requests that must be refused, with a state of many kinds of characters, and looks at what comes back.

    Clients drop an answer whose state they do not know: a changed one means that nobody can sign in, a missing one that
    the client waits for ever.
    """
    state = f"{look.state}.~-_ä&=%25+/"
    for wish in ({"scope": "no-such-scope-at-all"}, {"response_type": "nonsense"}):
        heard = look.authorize(state=state, **wish)
        if heard.refused:
            return untried("no_answer", heard.detail)
        back = look.back(heard)
        if back is not None:
            if "state" not in back:
                return finding("lost", heard.header("location"))
            return passed() if back["state"] == state else finding("changed", back["state"])
    kept = look.run.row.reason not in ("no_state", "other_state") and look.leg("token")
    return passed() if kept else untried("login_first")
