"""Search: the change feed's drainer, the index, queries, and PostgreSQL's own answers when Meilisearch is down."""
