"""What people decide, and what stands in their way."""

from django.utils.translation import gettext_lazy as _

from actionstudio.apps.oauth import codes
from actionstudio.apps.oauth.reasons.reason import Reason

REASONS = {
    codes.ACCESS_DENIED: Reason(
        _("The person said no"),
        _("They pressed Cancel where they were asked what %(who)s may do. That is their right; nothing is broken."),
        source="RFC 6749, section 4.1.2.1",
    ),
    codes.LOGIN_REQUIRED: Reason(
        _("Nobody is signed in"),
        _("%(who)s asked not to bother anybody (prompt=none), but nobody is signed in."),
        source="OpenID Connect Core 1.0, section 3.1.2.6",
    ),
    codes.CONSENT_REQUIRED: Reason(
        _("Somebody has to be asked"),
        _("%(who)s asked not to bother anybody (prompt=none), but there is something that was not allowed yet."),
        source="OpenID Connect Core 1.0, section 3.1.2.6",
    ),
    codes.USER_DISABLED: Reason(
        _("The account is closed"),
        _("The account of the person who signed in is closed, so nobody can act for them."),
        repairs=("open-user",),
    ),
    codes.FAULT: Reason(
        _("A failure was asked for"),
        _("You asked for this failure. The next answer is as it should be."),
    ),
}
