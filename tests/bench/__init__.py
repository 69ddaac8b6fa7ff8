"""Benchmarks: `make bench`. They print what was measured and never fail for being slow."""
