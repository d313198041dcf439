"""From a catalog and an account to a changeset.

`live` reads the account, `diff` compares it with the catalog, `blockers` sets aside the changes that cannot be made,
`needs` orders the others and limits them to targets, `draft` turns them into calls and into the account that these lead
to, and `reconcile` repeats that until nothing is left that would do harm.
"""
