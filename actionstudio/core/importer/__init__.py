"""ChatGPT's own import, simulated: its messages, what survives, and the repairs."""

from actionstudio.core.importer.imported import Import
from actionstudio.core.importer.message import Argument, ImportedOperation, Message
from actionstudio.core.importer.simulate import simulate, simulate_document, unreadable

__all__ = ["Argument", "Import", "ImportedOperation", "Message", "simulate", "simulate_document", "unreadable"]
