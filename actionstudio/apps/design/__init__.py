"""The working copy of a contract: rows, drafts, and the one door through which it changes."""
