"""Dated changes: the files in `changes/`, each an overlay of the catalog from its moment on."""
