"""The provider's rows. The toolkit's six models are swapped: who signs in belongs to a project, not to the studio."""

from actionstudio.apps.oauth.models.clients import Callback, Client, ClientSecret, Consent, client_id
from actionstudio.apps.oauth.models.people import EndUser, EndUserSession, Provider, UserKey
from actionstudio.apps.oauth.models.signins import Attempt, Fault, SignIn
from actionstudio.apps.oauth.models.tokens import AccessToken, DeviceGrant, Grant, IDToken, RefreshToken, SigningKey

__all__ = [
    "AccessToken",
    "Attempt",
    "Callback",
    "Client",
    "ClientSecret",
    "Consent",
    "DeviceGrant",
    "EndUser",
    "EndUserSession",
    "Fault",
    "Grant",
    "IDToken",
    "Provider",
    "RefreshToken",
    "SignIn",
    "SigningKey",
    "UserKey",
    "client_id",
]
