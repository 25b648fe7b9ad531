"""The report of a run: an HTML page that needs nothing but itself, and a Markdown summary. Only results go in."""

from loadtests.report.markdown import summary
from loadtests.report.page import page

__all__ = ["page", "summary"]
