"""Tests mirror the tree; `flows`, `laws`, `faults` and `architecture` cut across it."""
