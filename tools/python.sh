#!/bin/sh
# Finds a Python that is new enough and runs it with the given arguments; says what is missing when there is none.
# Every candidate is really started: a version manager's stand-in may be on the path and yet refuse.

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1
}

for candidate in "${PYTHON:-python3.13}" python3.13 python3.14 python3.12 python3 python \
    "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[2-9]*/bin/python3 /opt/homebrew/bin/python3 /usr/local/bin/python3; do
    if new_enough "$candidate"; then
        exec "$candidate" "$@"
    fi
done

found=$(python3 --version 2>/dev/null || echo "no Python 3 at all")
cat >&2 <<END
Action Studio needs Python 3.12 or newer; this machine has: $found.

  Debian 13, Ubuntu 24.04 or newer   sudo apt install python3 python3-venv
  Fedora                             sudo dnf install python3
  macOS                              brew install python@3.13
  any of them, with pyenv            pyenv install 3.13

When it lies in an unusual place, name it: make run PYTHON=/path/to/python3
END
exit 1
