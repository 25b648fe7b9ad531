"""The one error of devstack: its message is a sentence for a person, saying what is wrong and what to do about it."""


class StackError(Exception):
    """Shown without a traceback; the command ends with exit code 2."""
