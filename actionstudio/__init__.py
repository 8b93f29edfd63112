"""Action Studio: design, host, watch and replay the API behind a GPT action."""

__version__ = "0.1.0"
