"""Demo data: a shop of N products that looks like one, the same for the same N and seed on every machine."""
