"""What clients can ask for."""

from actionstudio.apps.oauth import offered
from actionstudio.core.auth import ApiKey, OAuth, Scope, UserHttp


def test_the_projects_own_scopes_come_first_then_those_of_openid_connect():
    names = [scope.name for scope in offered.scopes(OAuth((Scope("orders:read", "Read your orders"),)))]
    assert names == ["orders:read", "openid", "profile", "email", "groups"]


def test_a_scope_of_the_project_is_the_projects_whatever_its_name():
    mine = Scope("email", "Write e-mails for you", changes=True)
    assert [one for one in offered.scopes(OAuth((mine,))) if one.name == "email"] == [mine]


def test_where_no_app_signs_in_nothing_can_be_asked_for():
    assert offered.scopes(UserHttp()) == offered.scopes(ApiKey()) == ()
