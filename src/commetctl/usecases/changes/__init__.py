"""The files of changes: written by `commetctl schedule`, and folded into the catalog by `commetctl settle`."""
