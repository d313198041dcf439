"""From a catalog and an account to a changeset.

`live` reads the account, `diff` compares it with the catalog, `blockers` sets aside the changes that cannot be made,
`needs` says what the others wait for and limits them to targets, `turns` puts their steps in order, `draft` makes the
account that the steps lead to, and `reconcile` repeats that until nothing is left that would do harm.
"""
