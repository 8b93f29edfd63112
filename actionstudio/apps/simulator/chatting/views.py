"""A chat to take away."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from actionstudio.apps.projects import access
from actionstudio.apps.simulator.chatting import exporting, opening


@login_required
def export(request, slug: str, chat_key: str, form: str):
    """The chat as a file: json, markdown or har."""
    project = access.viewable(request, slug)
    chat = opening.find(project, request.user, chat_key)
    made = exporting.FORMATS.get(form)
    if made is None:
        raise Http404(_("There is no such export."))
    response = HttpResponse(made.write(chat), content_type=made.content_type)
    response["Content-Disposition"] = f'attachment; filename="chat-{chat.key}.{made.suffix}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
