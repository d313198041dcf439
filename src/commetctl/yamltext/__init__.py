"""YAML as text: changed in place and formatted, comments kept. Knows no catalog."""
