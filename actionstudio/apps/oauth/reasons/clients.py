"""What can be wrong with who asks: the client, its secret, and how it shows that."""

from django.utils.translation import gettext_lazy as _

from actionstudio.apps.oauth import codes
from actionstudio.apps.oauth.reasons.reason import Reason

REASONS = {
    codes.CLIENT_MISSING: Reason(
        _("No client id"),
        _("%(who)s sent no client_id, so nobody knows who asks. Enter the Client ID of this page in the GPT."),
        source="RFC 6749, section 4.1.1",
    ),
    codes.CLIENT_UNKNOWN: Reason(
        _("Unknown client id"),
        _("The client_id that %(who)s sent is none of this project's. Copy the Client ID of this page into the GPT."),
        _(
            "%(who)s sent client_id %(sent)s, which is none of this project's. Copy the Client ID of this page into "
            "the GPT."
        ),
        ("clients",),
        "RFC 6749, section 4.1.2.1",
    ),
    codes.CLIENT_DISABLED: Reason(
        _("The client is switched off"),
        _("This client is switched off, or has lapsed because nobody used it."),
        repairs=("enable",),
    ),
    codes.CLIENT_MIXED: Reason(
        _("Two client ids"),
        _("%(who)s sent one client_id in the Authorization header and another one in the body. They must be the same."),
        source="RFC 6749, section 2.3",
    ),
    codes.SECRET_MISSING: Reason(
        _("No client secret"),
        _(
            "%(who)s sent no client secret, but this client has one. Saving a GPT's OAuth settings again empties its "
            "secret: enter it once more."
        ),
        repairs=("new-secret",),
        source="RFC 6749, section 2.3.1",
    ),
    codes.SECRET_WRONG: Reason(
        _("Wrong client secret"),
        _(
            "The secret that %(who)s sent is none of this client's. Make a new one and enter it; blanks before or "
            "after it count."
        ),
        repairs=("new-secret",),
        source="RFC 6749, section 5.2",
    ),
    codes.SECRET_EXPIRED: Reason(
        _("An old client secret"),
        _("%(who)s still sends the old secret, whose overlap with the new one is over. Enter the new one."),
        repairs=("new-secret",),
    ),
    codes.SECRET_METHOD_WRONG: Reason(
        _("The secret came another way"),
        _(
            "%(who)s sent its secret in another way than is registered: in the body where the header is, or the other "
            "way round. In a GPT this is Token Exchange Method."
        ),
        _(
            "%(who)s sent its secret by %(sent)s, but %(registered)s is registered. In a GPT this is Token Exchange "
            "Method."
        ),
        ("method-as-sent", "method-any"),
        "RFC 6749, section 2.3.1",
    ),
    codes.SECRET_TWICE: Reason(
        _("The secret came twice"),
        _("%(who)s sent its secret in the Authorization header and in the body. It must use one of them."),
        source="RFC 6749, section 2.3",
    ),
    codes.SECRET_UNEXPECTED: Reason(
        _("A secret from a public client"),
        _("This client is registered as public: it has no secret, but %(who)s sent one."),
        _("This client is registered as public: it has no secret, but %(who)s sent one by %(sent)s."),
        ("method-as-sent",),
    ),
    codes.BASIC_MALFORMED: Reason(
        _("The Authorization header cannot be read"),
        _(
            "The Authorization header of the token request is not “Basic” followed by base64 of client id, colon and "
            "secret."
        ),
        source="RFC 7617, section 2",
    ),
    codes.TOO_MANY: Reason(
        _("Too many wrong secrets"),
        _("There were too many wrong secrets in a short time. Wait until the time that the answer names is over."),
        repairs=("new-secret",),
    ),
}
