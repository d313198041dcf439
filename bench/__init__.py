"""Benchmarks of commetctl: whole processes beside others in one run, as ratios. `make bench` runs them."""
