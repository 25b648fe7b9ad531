#!/bin/sh
# Prints the Python that Haat is set up with, or says on stderr what to install: PYTHON where it is set, else the fastest
# on PATH that is 3.11 or newer and can make a virtual environment. A Python that was built without profile-guided
# optimisation is up to 1.7 times slower, and machines often have one of each kind.
TRY='
import sys, time
if sys.version_info < (3, 11):
    sys.exit(1)
import ensurepip, re, venv

class Sum:
    def __init__(self, first):
        self.first = first
    def add(self, second):
        return self.first + second

def turn():
    began, counts = time.process_time(), {}
    for number in range(1_000):
        word = re.match(r"(\w+)-(\d+)", f"item-{number % 100}").group(2)
        counts[word] = Sum(number).add(counts.get(word, 0))
        try:
            raise ValueError(sorted(({"key": 9 - key} for key in range(6)), key=lambda row: row["key"]))
        except ValueError:
            pass
    return time.process_time() - began

print(round(min(turn() for _ in range(40)) * 1e6))
'
if [ -n "${PYTHON:-}" ]; then
    if "$PYTHON" -c "$TRY" >/dev/null 2>&1; then
        command -v "$PYTHON"
        exit 0
    fi
    echo "PYTHON=$PYTHON is not Python 3.11 or newer with its venv module (Debian: apt install python3-venv)." >&2
    exit 2
fi
best= least_us=
for name in python3 python3.11 python3.12 python3.13 python3.14 python; do
    IFS=:
    for folder in $PATH; do
        [ -x "$folder/$name" ] || continue
        took_us=$("$folder/$name" -c "$TRY" 2>/dev/null) || continue
        # A tenth is what two turns of the same Python differ by: the first on PATH stays.
        if [ -z "$best" ] || [ $((took_us * 10)) -lt $((least_us * 9)) ]; then
            best=$folder/$name least_us=$took_us
        fi
    done
    unset IFS
done
if [ -z "$best" ]; then
    echo "Haat needs Python 3.11 or newer with its venv module and found none: install it (Debian:" \
        "apt install python3 python3-venv), or name it with PYTHON=/path/to/python make setup." >&2
    exit 2
fi
echo "$best"
