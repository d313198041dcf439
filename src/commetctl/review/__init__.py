"""What a changeset means for existing customers and for revenue, and whether it may be applied at all."""
