"""What people decide, and what stands in their way."""

from django.utils.translation import gettext_lazy as _

from actionstudio.apps.oauth import codes
from actionstudio.apps.oauth.reasons.reason import Reason

REASONS = {
    codes.PASSWORD_WRONG: Reason(
        _("Wrong name or password"),
        _(
            "The person typed a username and a password that do not belong together. They may try again; if they have "
            "forgotten the password, give them another one among the users."
        ),
    ),
    codes.LOGIN_LIMITED: Reason(
        _("Too many wrong passwords"),
        _("There were too many wrong passwords in a short time. The page told the person how long to wait."),
    ),
    codes.ACCESS_DENIED: Reason(
        _("The person said no"),
        _("They pressed Cancel where they were asked what %(who)s may do. That is their right; nothing is broken."),
        source="RFC 6749, section 4.1.2.1",
    ),
    codes.DRILL_DENIED: Reason(
        _("This drill user always declines"),
        _(
            "Nobody pressed anything: the user is one for drills who says no to whatever is asked, so that you see "
            "what %(who)s does then. Sign in as somebody else to go on."
        ),
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
        repairs=("open-user", "user"),
    ),
    codes.DEVELOPMENT_OVER: Reason(
        _("The test users have ended"),
        _(
            "This was a test user, whom anybody could be. What they had ended when development was switched off in the "
            "provider's settings: sign in with an account, or switch development on again while you try things."
        ),
        repairs=("development",),
    ),
    codes.STATE_UNCHECKED: Reason(
        _("The client did not check state"),
        _(
            "Another state was sent back on purpose, and the client exchanged the code all the same. It has to compare "
            "state with its own and stop: else somebody can slip a sign-in of theirs to a person."
        ),
        source="RFC 6749, section 10.12",
    ),
    codes.FAULT: Reason(
        _("A failure was asked for"),
        _("You asked for this failure. The next answer is as it should be."),
    ),
}
