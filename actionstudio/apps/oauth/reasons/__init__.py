"""Every code of codes.py in words: what was wrong at a leg of a sign-in, and the cure."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from actionstudio.apps.oauth.reasons import asked, beside, clients, deciding, proofs
from actionstudio.apps.oauth.reasons.reason import Reason, quoted

__all__ = ["REASONS", "Reason", "of", "quoted"]

REASONS: dict[str, Reason] = clients.REASONS | asked.REASONS | proofs.REASONS | deciding.REASONS | beside.REASONS
_OTHER = Reason(_("It failed"), _("This step failed. What was sent and what was answered stands below."))


def of(code: str) -> Reason:
    """The reason of a code; a general one for a code that is not known."""
    return REASONS.get(code, _OTHER)
