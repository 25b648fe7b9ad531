"""Load suites, their budgets and their report; the proof that stock holds and the probe of search freshness."""
