"""The reference of the catalog as data, made of the models that read it: its objects, their fields, its JSON Schema."""
