#!/usr/bin/env bash
# Whose files they are. Under sudo needs a root to be under.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/harness.sh"

Caller_WithoutSudo_RunsCommandsAsTheyAre() {
  expect 0 in_scripts 'as_caller id -u'
  same "$(id -u)" "$out"
}

Caller_WithoutSudo_HomeIsHome() {
  expect 0 in_scripts 'caller_home'
  same "$HOME" "$out"
}

if ((EUID == 0)); then
  Caller_UnderSudo_CommandsAndFilesAreTheCallers() {
    export SUDO_UID=65534 SUDO_GID=65534 SUDO_USER=nobody CI=true
    expect 0 in_scripts "as_caller bash -c 'id -u; echo \$CI; touch $sandbox/file'"
    same $'65534\ntrue' "$out"
    same 65534 "$(stat -c %u "$sandbox/file")"
  }

  Caller_UnderSudo_HomeIsTheCallers() {
    export SUDO_UID=65534 SUDO_GID=65534
    expect 0 in_scripts 'caller_home; as_caller bash -c "echo \$HOME"'
    same "$(getent passwd 65534 | cut -d: -f6)"$'\n'"$(getent passwd 65534 | cut -d: -f6)" "$out"
  }
fi

run_tests
