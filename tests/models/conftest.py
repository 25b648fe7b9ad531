"""The fixtures of tests that buy."""

from tests.shop import bank, buyer, sound, variant

__all__ = ["bank", "buyer", "sound", "variant"]
