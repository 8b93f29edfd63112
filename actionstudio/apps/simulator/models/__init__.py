"""What the simulator keeps, by subject."""

from actionstudio.apps.simulator.models.chats import Chat, Message, Sheet
from actionstudio.apps.simulator.models.endpoints import Endpoint
from actionstudio.apps.simulator.models.files import File
from actionstudio.apps.simulator.models.gpts import Action, Allowed, Gpt, Grant
from actionstudio.apps.simulator.models.plugins import PluginInstall
from actionstudio.apps.simulator.models.prompts import PromptCase, PromptOutcome, PromptRun, PromptSuite
from actionstudio.apps.simulator.models.scripts import Script

__all__ = [
    "Action",
    "Allowed",
    "Chat",
    "Endpoint",
    "File",
    "Gpt",
    "Grant",
    "Message",
    "PluginInstall",
    "PromptCase",
    "PromptOutcome",
    "PromptRun",
    "PromptSuite",
    "Script",
    "Sheet",
]
