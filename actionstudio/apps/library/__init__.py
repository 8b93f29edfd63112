"""How projects come, are kept and go: list, new, import, templates, bundle, settings, duplicate, delete."""
