"""What the product does, without a command line: each takes values and returns values."""
