"""The control plane: Django apps, each importing only those before it (see tests/test_layers.py)."""
