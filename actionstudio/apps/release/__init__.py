"""What is served: versions compared and restored, addresses, authentication and keys."""
