"""A kind that only the tests have: what it takes to add one, and that nothing more is needed."""
