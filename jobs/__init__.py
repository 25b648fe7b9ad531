"""Work done after the commit: one module for each area, each handler idempotent."""
