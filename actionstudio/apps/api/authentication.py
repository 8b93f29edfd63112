"""Who calls the API: a personal token in the Authorization header, or the dashboard's session."""

import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from actionstudio.apps.accounts.models import ApiToken

NOTED = datetime.timedelta(minutes=1)  # how exact "last used" is: a write per call would cost more than it tells


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer ast_…``, looked up by its SHA-256 in one query."""

    def authenticate(self, request):
        scheme, _space, text = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        alive = Q(expires=None) | Q(expires__gt=now)
        tokens = ApiToken.objects.select_related("user").filter(alive, user__is_active=True)
        token = tokens.filter(digest=ApiToken.hash(text.strip())).first()
        if token is None:
            raise AuthenticationFailed(
                _("This token is unknown, revoked or expired. Make another under Account, Tokens.")
            )
        if token.last_used is None or token.last_used < now - NOTED:
            ApiToken.objects.filter(pk=token.pk).update(last_used=now)
        return token.user, token

    def authenticate_header(self, request):
        return 'Bearer realm="Action Studio"'


class TokenScheme(OpenApiAuthenticationExtension):
    """How the schema names the token."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "description": "A personal API token (ast_…) from Account, Tokens."}
