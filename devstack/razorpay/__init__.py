"""A simulator of Razorpay: the part of its API that Haat uses, its hosted checkout page and its signed webhooks.

Money is kept in a ledger that survives a restart. `/sim/...` pays without a browser and makes webhooks misbehave.
"""
