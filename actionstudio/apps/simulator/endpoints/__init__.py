"""The models that can be asked: whose they are, their keys, their pages."""
