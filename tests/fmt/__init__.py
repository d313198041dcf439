"""`commetctl fmt`."""
