"""The repairs, one file each, registered by @repair or @schema_repair (core/importer/repair.py).

A repair's docstring is shown to people: what it does and why it may be needed. Repairs run by their ``order``, each on
what those before it made of the contract. Sources are the rows of docs/chatgpt-rules.md.
"""
