"""The reference of a catalog, made of the models that read it: kinds, fields, JSON Schema; and what each code means."""
