"""Management commands of replay."""
