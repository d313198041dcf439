"""Changes that are due on a date: the files in `changes/`, each an overlay of the catalog from its moment on."""
