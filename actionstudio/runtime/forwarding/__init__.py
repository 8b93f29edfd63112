"""Forwarding a call to another API: what is sent, to which of its servers, what is kept of it, and what comes back."""
