"""The state of mocks and the pages about it: collections, upstreams, trying an operation out."""
