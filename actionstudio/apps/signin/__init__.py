"""The sign-in test: every leg of a sign-in, ours or that of any provider, seen, explained and repaired."""
