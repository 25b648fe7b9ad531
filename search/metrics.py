"""What the operator watches of the sync: lag, queue age, heartbeat, failures, and what the reconciler repaired."""

from prometheus_client import Counter, Gauge, Histogram

LAG_BUCKETS_S = (0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 300.0)

LAG = Histogram("haat_search_lag_seconds", "Commit of a change to searchable", ("lane",), buckets=LAG_BUCKETS_S)
BATCH = Histogram(
    "haat_search_batch_products", "Products in a batch", ("lane",), buckets=(1, 10, 100, 1000, 5000, 10000)
)
HEARTBEAT = Gauge(
    "haat_search_heartbeat_timestamp_seconds", "When the drainer last looked", multiprocess_mode="mostrecent"
)
WAITING = Gauge("haat_search_waiting_rows", "Change rows that wait", multiprocess_mode="mostrecent")
AGE = Gauge("haat_search_waiting_seconds", "Age of the oldest waiting change", multiprocess_mode="mostrecent")
FAILURES = Counter("haat_search_failures_total", "Batches that did not reach the index")
REPAIRED = Counter("haat_search_repaired_total", "Documents found different by the reconciler", ("how",))
COMPARED = Gauge(
    "haat_search_compared_timestamp_seconds", "When the index was last compared", multiprocess_mode="mostrecent"
)
ANSWERS = Counter("haat_search_answers_total", "Searches computed, by what answered", ("engine",))
