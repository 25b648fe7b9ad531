#!/bin/sh
# Prints a Python that Haat runs on (3.11 or newer), or says on stderr what to install.
for candidate in ${PYTHON:-} python3 python3.11 python3.12 python3.13 python3.14 python; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        command -v "$candidate"
        exit 0
    fi
done
echo "Haat needs Python 3.11 or newer and found none: install it, or name it with PYTHON=/path/to/python make setup." >&2
exit 2
