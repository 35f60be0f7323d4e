# shellcheck shell=bash
# Who asked: under sudo, building and writing is done as the person who typed it, never as root. Needs output.sh.

under_sudo() { ((EUID == 0)) && [[ ${SUDO_UID:-0} != 0 ]]; }

caller_home() {
  if under_sudo; then getent passwd "$SUDO_UID" | cut -d: -f6; else printf '%s\n' "${HOME-}"; fi
}

# as_caller COMMAND…: runs a command as the person who asked, with the environment as it is.
as_caller() {
  if under_sudo; then (become_caller "$@"); else "$@"; fi
}

# become_caller COMMAND…: the same, in the place of this shell, so that signals reach the command.
become_caller() {
  under_sudo || exec "$@"
  local name
  name=$(id -nu -- "$SUDO_UID")
  exec setpriv --reuid="$SUDO_UID" --regid="$SUDO_GID" --init-groups -- \
    env HOME="$(caller_home)" USER="$name" LOGNAME="$name" "$@"
}

can_be_root() { ((EUID == 0)) || command -v sudo >/dev/null; }

# as_root WHY COMMAND…: runs a command as root, and says why before sudo asks.
as_root() {
  local why=$1
  shift
  if ((EUID == 0)); then
    "$@"
  else
    say "sudo is needed to $why"
    sudo -- "$@"
  fi
}
