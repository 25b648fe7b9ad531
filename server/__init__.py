"""The toolkit: settings, HTTP, authentication, limits, cache and the clients of outside services."""
