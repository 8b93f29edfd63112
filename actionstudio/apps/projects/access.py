"""The one door of rights: "not yours" and "not there" are the same 404."""

from django.http import Http404
from django.utils.translation import gettext as _

from actionstudio.apps.projects.models import Project


def mine(user):
    """The projects that ``user`` may see, newest change first."""
    return Project.objects.filter(owner=user)


def named(request, most: int = 20) -> list[Project]:
    """Those of the projects ``?ids=1,2,…`` that the request's user may see. Ids that are none are passed over."""
    asked = request.GET.get("ids", "").split(",")[:most]
    ids = [int(text) for text in asked if text.isascii() and text.isdigit() and len(text) < 19]
    return list(mine(request.user).filter(pk__in=ids))


def viewable(request, slug: str) -> Project:
    """The project of that slug if the request's user may see it. Raises Http404."""
    project = mine(request.user).filter(slug=slug).first() if request.user.is_authenticated else None
    if project is None:
        raise Http404(_("No such project."))
    return project


def changeable(request, slug: str) -> Project:
    """The project of that slug if the request's user may change it. Raises Http404."""
    return viewable(request, slug)
