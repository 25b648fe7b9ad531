"""The table of GST rates, compared with what was notified: 9/2025-Central Tax (Rate) of 17 September 2025 as amended.

Sources of what is changed here: the recommendations of the 56th meeting of the GST Council by sector, the 47th meeting
for cutlery (18 % since July 2022, and not lowered since), and 19/2025-Central Tax (Rate) for tobacco and pan masala.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

SINCE, TOBACCO_SINCE = "2025-09-22", "2026-02-01"
WAS = {"3924": 500, "4820": 0, "4911": 500, "7013": 500, "7321": 500, "8215": 500, "0713": 0}
"""What `0010_prices` said of headings that it knew, and that are taxed otherwise."""

RATES = {
    0: "482020 4903 4905 960840 9609 96190010 96190020",
    500: (
        "0713 22029910 22029920 22029930 330491 330710 3406 42022220 42022230 4414 4420 6309 6310 6601 6603 6911 732112"
        " 732119 7418 7615 8306 871491 871492 871493 871494 871495 871496 871499 950440 950490 9507 960321 9615 9619"
    ),
    1800: (
        "330520 330530 33059020 33059030 33059040 330690 340119 340120 340130 3924 4820 4911 7013 7321 8215 950691"
        " 24031921 24031929"
    ),
    4000: "220210 220291 220299",
}  # fmt: skip
TOBACCO = "21069020 2401 2402 2403 2404"
QUILTS = "940440"
DEAR_MINOR = 262_500
"""2,500 rupees and 5 % on them, as for clothes and shoes."""


def _rows() -> list[tuple[str, int, int, str]]:
    rows = [(prefix, 0, rate, SINCE) for rate, prefixes in RATES.items() for prefix in prefixes.split()]
    rows += [(QUILTS, 0, 500, SINCE), (QUILTS, DEAR_MINOR, 1800, SINCE)]
    for prefix in TOBACCO.split():
        rows += [(prefix, 0, 2800, SINCE), (prefix, 0, 4000, TOBACCO_SINCE)]
    return rows


def _values(rows: list[tuple[str, int, int, str]]) -> str:
    return ", ".join(f"('{prefix}', {over}, {rate}, date '{since}')" for prefix, over, rate, since in rows)


SET = f"""
INSERT INTO tax_rate (hsn_prefix, over_minor, rate_bps, valid_from) VALUES {_values(_rows())}
ON CONFLICT (hsn_prefix, over_minor, valid_from) DO UPDATE SET rate_bps = EXCLUDED.rate_bps;
"""
UNSET = f"""
DELETE FROM tax_rate USING (VALUES {_values(_rows())}) AS new (prefix, over, rate, since)
 WHERE (hsn_prefix, over_minor, valid_from) = (new.prefix, new.over, new.since);
INSERT INTO tax_rate (hsn_prefix, over_minor, rate_bps, valid_from)
VALUES {_values([(prefix, 0, rate, SINCE) for prefix, rate in WAS.items()])};
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0023_quiet_queue")]
    operations = [ops.RunSQL(SET, UNSET)]
