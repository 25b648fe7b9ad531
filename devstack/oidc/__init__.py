"""A simulator of an OpenID Connect provider, as Google is one: discovery, keys, a page to choose a person, tokens."""
