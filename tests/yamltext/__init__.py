"""YAML text by itself, without a catalog."""
