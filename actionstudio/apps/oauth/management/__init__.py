"""Commands of the provider."""
