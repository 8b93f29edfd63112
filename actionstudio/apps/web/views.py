"""Landing and help."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from actionstudio.apps.web import guides, navigation


def landing(request):
    """What this is; who is signed in goes on to the projects."""
    if request.user.is_authenticated:
        return redirect("/projects/")
    return render(request, "web/landing.html")


def help_index(request):
    """The guides and the keyboard shortcuts."""
    return render(request, "web/help.html", {"guides": guides.GUIDES, "shortcuts": navigation.SHORTCUTS, "nav": "help"})


def help_topic(request, topic: str):
    """One guide."""
    guide = guides.guide(topic)
    if guide is None:
        raise Http404(_("No such guide."))
    context = {"guide": guide, "guides": guides.GUIDES, "html": guides.html(topic), "nav": "help"}
    return render(request, "web/help_topic.html", context)
