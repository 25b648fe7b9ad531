"""The pages of the three web apps: the same domain functions as the API, rendered for people."""
