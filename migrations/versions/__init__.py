"""The history of the schema, oldest first; run by `haat migrate`."""
