"""Measured claims (design §11), each runnable: `python -m benchmarks [section …]`. They print and keep nothing."""
