"""HTTP: the only place that talks to the Commet API."""
