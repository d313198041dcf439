"""From the catalog and the account to a changeset: what differs, what can be done, in which order."""
