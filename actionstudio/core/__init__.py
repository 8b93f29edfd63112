"""The language of the product: pure values and functions. No I/O, no clock, no framework."""
