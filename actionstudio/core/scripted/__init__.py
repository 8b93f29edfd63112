"""The scripted model: chooses an operation and fills in its arguments by rules alone, the same way every time."""
