"""Answers that go on for minutes: whoever reads one keeps no database connection from the others meanwhile."""

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http.response import HttpResponseBase

from actionstudio.apps.projects.pooling import give_back


class Streams(ASGIHandler):
    """Django's handler. What the view and the middleware asked the database is over when an answer begins to stream,
    but Django gives the request's connection back at the answer's end: a pool of eight would serve eight readers, and
    no page besides."""

    async def send_response(self, response: HttpResponseBase, send) -> None:
        """Sends the answer, after the request's own thread has given its connection back."""
        if response.streaming:
            await sync_to_async(give_back)()
        await super().send_response(response, send)
