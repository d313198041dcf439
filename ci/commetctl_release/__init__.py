"""What makes a release: its bill of materials, its archives, and the checks that they have to pass."""
