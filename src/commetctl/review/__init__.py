"""What a changeset means: for existing customers, for revenue, and whether it may be applied at all."""
