"""The builder's pages, one file a page."""
