"""ChatGPT's own import, simulated: its messages, what survives, and the repairs."""
