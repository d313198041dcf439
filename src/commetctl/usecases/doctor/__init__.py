"""The doctor: what prevents a plan or an apply here, found without changing anything."""
