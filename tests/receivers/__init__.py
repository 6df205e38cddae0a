"""Receivers that misbehave, through whole activations: the real engine, the real steps, the real adapters, real sockets."""
