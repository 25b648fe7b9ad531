"""The schema's history and the commands that apply it."""
