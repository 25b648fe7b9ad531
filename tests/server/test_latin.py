"""Names in Indian scripts can be read on papers that know Latin letters only."""

import pytest

from server.latin import in_latin

NAMES = {
    "आशा राव": "Asha Rav", "अमित शर्मा": "Amit Sharma", "१२, महात्मा गाँधी मार्ग": "12, Mahatma Gandhi Marg",
    "बेंगलुरु": "Bengaluru", "फ़ैज़": "Faiz", "சென்னை": "Chennai", "ನಮ್ಮ": "Namma", "రామ": "Rama", "ਸਿੰਘ": "Singh",
    "রবীন্দ্রনাথ ঠাকুর": "Rabindranath Thakur", "ગુજરાત": "Gujarat",
}  # fmt: skip


@pytest.mark.parametrize(("written", "read"), NAMES.items(), ids=list(NAMES.values()))
def test_a_name_reads_as_it_is_spoken(written, read):
    assert in_latin(written) == read


def test_what_is_latin_stays_and_what_nobody_can_read_is_marked():
    assert in_latin("Zoë – 7½ %, <b>") == "Zoë – 7½ %, <b>"
    assert in_latin("Tea 北京") == "Tea ??"
