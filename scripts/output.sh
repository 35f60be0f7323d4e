# shellcheck shell=bash
# The voice of the scripts: everything to stderr, lowercase, no period at the end; a hint says what to do next.
# Results are the only thing on stdout. Exit codes: 0 done, 1 failed, 64 usage.

door=${door:-$(basename -- "$0")}

say() { printf '%s: %s\n' "$door" "$*" >&2; }

hint() { say "hint: $*"; }

# fail MESSAGE [HINT…]
fail() {
  complain "$@"
  exit 1
}

# usage MESSAGE [HINT…]
usage() {
  complain "$@"
  exit 64
}

complain() {
  say "$1"
  local line
  for line in "${@:2}"; do hint "$line"; done
}
