"""The command line, driven as real processes."""
