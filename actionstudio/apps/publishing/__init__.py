"""Revisions, addresses and keys: what is served, where and to whom."""
