"""The addresses of the chat's pages, below ``projects/<slug>/simulator/``. A chat's key is unlike any page's name."""

from django.urls import path, register_converter

from actionstudio.apps.simulator.chatting import views as exports
from actionstudio.apps.simulator.pages import deeds, starting, views


class ChatKey:
    """What a chat is called in its address (``models.chats.chat_key``)."""

    regex = "[0-9a-f]{16}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ChatKey, "chatkey")
urlpatterns = [
    path("simulator/", starting.start, name="start"),
    path("simulator/clear/", starting.clear, name="chats-clear"),
    path("simulator/<chatkey:chat_key>/", views.chat, name="chat"),
    path("simulator/<chatkey:chat_key>/tail", views.tail, name="chat-tail"),
    path("simulator/<chatkey:chat_key>/export/<str:form>/", exports.export, name="chat-export"),
    path("simulator/<chatkey:chat_key>/debug/", views.debug, name="chat-debug"),
    path("simulator/<chatkey:chat_key>/say/", deeds.say, name="chat-say"),
    path("simulator/<chatkey:chat_key>/stop/", deeds.stop, name="chat-stop"),
    path("simulator/<chatkey:chat_key>/resume/", deeds.resume, name="chat-resume"),
    path("simulator/<chatkey:chat_key>/branch/", deeds.branch, name="chat-branch"),
    path("simulator/<chatkey:chat_key>/change/", deeds.change, name="chat-change"),
    path("simulator/<chatkey:chat_key>/delete/", deeds.delete, name="chat-delete"),
    path("simulator/<chatkey:chat_key>/<int:pk>/edit/", deeds.edit, name="chat-edit"),
    path("simulator/<chatkey:chat_key>/<int:pk>/again/", deeds.again, name="chat-again"),
    path("simulator/<chatkey:chat_key>/<int:pk>/choose/", deeds.choose, name="chat-choose"),
    path("simulator/<chatkey:chat_key>/<int:pk>/sign-in/", deeds.sign_in, name="chat-sign-in"),
]
