"""Template tags of the design pages."""
