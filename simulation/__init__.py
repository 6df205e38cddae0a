"""
The seeded simulator: the real engine, steps and functions in virtual time, with a fault at any call (`simulation/README.md`).

`python -m simulation --seed N --trace` replays one seed step by step.
"""
