"""Plugins of 2023, simulated: found at a domain, verified, signed in, installed, called."""
