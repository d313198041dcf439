"""Plans in the answers of the API, to resources and to what is not understood."""
