"""Template tags of the pages on an address."""
