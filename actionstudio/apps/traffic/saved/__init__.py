"""Saved views: questions of the Requests page kept under a name."""
