"""Three edits of a catalog, and each of them in every format of a review, as files."""
