"""The clients of outside services, one module each; every call has a time-out."""
