"""The doctor: what stands in the way of a plan or an apply here, found without changing anything."""
