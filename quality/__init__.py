"""What visitors get, measured: `make quality`."""
