"""What the provider answers on an address: pages for people, endpoints for clients."""
