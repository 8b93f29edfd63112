"""A token had expired, and no fresh one was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from actionstudio.apps.traffic import legs
from actionstudio.apps.traffic.diagnoses.diagnosis import Diagnosis, Group, on_calls
from actionstudio.apps.traffic.models import Exchange


@on_calls("bad")
def look(project, rows: Sequence[Exchange], shared: dict) -> Iterator[Group]:
    """ChatGPT refreshes when it holds a refresh token; it holds none when the token answer had none, or when the client
    may not refresh (RFC 6749, section 6)."""
    expired = [row for row in rows if row.auth == "expired" and row.source in ("gpt", "simulator")]
    if len(expired) < 2:
        return
    if any(one.get("leg") == "refresh" for row in rows if row.kind == "oauth" for one in legs.told(row)):
        return
    words = _(
        "See in the sign-in test whether the token answer holds a refresh_token and expires_in; else the person must "
        "sign in anew each time."
    )
    yield Group(Diagnosis(_("The token expired and was never refreshed."), words), len(expired), expired)
