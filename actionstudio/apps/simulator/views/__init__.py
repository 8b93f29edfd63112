"""The simulator's pages, by subject."""
