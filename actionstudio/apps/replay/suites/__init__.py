"""Suites: calls that are kept as tests, run by hand, on every save, on a schedule and in CI."""
