# shellcheck shell=bash
# Runs every function called Subject_Condition_Result as a test, or those whose names match the file's first argument: in a shell of its own, in an empty folder of its own,
# where $root is a copy of the front doors and PATH holds the few tools they need, and nothing of this machine.

only=${1-*}
checkout=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../..

tools=(/usr/bin/{bash,basename,cat,chmod,cp,cut,date,dirname,env,find,flock,getent,grep,head,id,ln,ls,mkdir,mkfifo,mktemp,mv,printf})
tools+=(/usr/bin/{readlink,rm,sed,setpriv,sh,sort,stat,tail,tee,touch,tr,true,uname})

run_tests() {
  local name status failed=0
  while read -r _ _ name; do
    # shellcheck disable=SC2053 # it is a pattern
    [[ $name =~ ^[A-Z][A-Za-z]*_[A-Za-z]+_ && $name == $only ]] || continue
    set +e
    # Not in a condition: there, set -e would be off inside the test too.
    (
      set -euo pipefail
      prepare
      "$name"
    ) >"$work/output" 2>&1
    status=$?
    set -e
    if ((status == 0)); then
      echo "ok $name"
    else
      echo "not ok $name"
      sed 's/^/    /' "$work/output"
      failed=1
    fi
    chmod -R u+w "$work/sandbox" && rm -rf "$work/sandbox"
  done < <(declare -F)
  return "$failed"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"

prepare() {
  sandbox=$work/sandbox root=$work/sandbox/tree
  mkdir -p "$sandbox/bin" "$sandbox/home" "$root"
  ln -s -t "$sandbox/bin" "${tools[@]}"
  cp -r "$checkout/katabira" "$checkout/test" "$checkout/scripts" "$root"
  mkdir "$root/bench" && cp -r "$checkout/bench/run" "$checkout/bench/scenarios" "$root/bench"
  chmod -R a+rX "$sandbox"
  chmod a+rwx "$sandbox" "$sandbox/bin" "$sandbox/home" "$root"
  export PATH=$sandbox/bin HOME=$sandbox/home
  unset DOTNET_ROOT SUDO_UID SUDO_GID SUDO_USER CI
  cd "$sandbox"
}

# fake_tree: sources, a compiler, and a dotnet whose build makes a katabira that shows how it was called.
fake_tree() {
  local input
  # shellcheck source=scripts/freshness.sh
  source "$root/scripts/freshness.sh"
  for input in "${build_inputs[@]}" "${pod_inputs[@]}"; do
    if [[ $input == src/* || $input != *.* ]]; then mkdir -p "$root/$input"; else touch "$root/$input"; fi
  done
  touch -d '1 hour ago' "$root/src/Program.cs" "$root/src/katabira-pod/Program.cs"
  sed -i '/zlib1g-dev/d' "$root/scripts/packages.sh"
  command_in "$sandbox/bin" gcc <<<true
  sdk_in "$HOME/.dotnet" 10.0.100
  command_in "$HOME/.dotnet" dotnet <<'FAKE'
if [[ $2 == src/katabira-pod ]]; then
  echo "dotnet $*" >>"$HOME/pods"
  [[ $1 == build || ! -e $HOME/pod-breaks ]] || exit 1
  folder=artifacts/bin/katabira-pod/release
  [[ $1 == build ]] || folder=artifacts/publish/katabira-pod/release_$6
  mkdir -p "$folder" && echo "$1" >"$folder/katabira-pod" && chmod +x "$folder/katabira-pod"
  exit
fi
if [[ $1 == publish ]]; then
  echo "dotnet $*" >>"$HOME/aheads"
  [[ ! -e $HOME/ahead-breaks ]] || exit 1
  mkdir -p artifacts/publish/katabira && echo "compiled ahead" >artifacts/publish/katabira/katabira.dll
  exit
fi
echo "dotnet $*" >>"$HOME/builds"
echo "Nothing.cs(1,1): warning X1: mind the gap [$PWD/src/x.csproj]"
[[ ! -e $HOME/breaks ]] || { echo "Nothing.cs(2,2): error X2: it does not [$PWD/src/x.csproj]" && exit 1; }
[[ ! -e $HOME/gate ]] || read -r _ <"$HOME/gate"
mkdir -p artifacts/bin/katabira/release
cp "$HOME/program" artifacts/bin/katabira/release/katabira
FAKE
  command_in "$HOME" program <<'FAKE'
echo "arguments:$(printf ' <%s>' "$@")"
[[ ${1-} != read ]] || cat
[[ ${1-} != exit ]] || exit "$2"
FAKE
}

builds() { if [[ -e $HOME/builds ]]; then grep -c . "$HOME/builds"; else echo 0; fi; }

# command_in FOLDER NAME: makes a command of the script on stdin.
command_in() {
  mkdir -p "$1"
  { echo '#!/usr/bin/env bash' && cat; } >"$1/$2"
  chmod a+rx "$1/$2"
}

# sdk_in FOLDER VERSION: makes something that looks like a .NET installation with that SDK.
sdk_in() {
  command_in "$1" dotnet <<<'echo "dotnet $*" >>"$HOME/dotnet-calls"'
  mkdir -p "$1/sdk/$2" && touch "$1/sdk/$2/dotnet.dll"
  chmod -R a+rX "$1"
}

# as_nobody COMMAND…: a command, or a function of this file, without the powers of root, also where the tests have them.
as_nobody() {
  if ((EUID == 0)); then
    setpriv --reuid=65534 --regid=65534 --clear-groups -- \
      bash -c "set -euo pipefail; $(declare -f); $(declare -p root sandbox)"'; "$@"' -- "$@"
  else
    "$@"
  fi
}

# expect STATUS COMMAND…: runs it, keeps what it said in $out and $err, and insists on how it ended.
expect() {
  local wanted=$1 status=0
  shift
  "$@" >"$sandbox/out" 2>"$sandbox/err" </dev/null || status=$?
  out=$(<"$sandbox/out") err=$(<"$sandbox/err")
  if ((status != wanted)); then
    printf 'wanted status %s, got %s from: %s\nstdout: %s\nstderr: %s\n' "$wanted" "$status" "$*" "$out" "$err"
    return 1
  fi
}

contains() { [[ $1 == *"$2"* ]] || { printf 'missing: %s\nin: %s\n' "$2" "$1" && return 1; }; }

lacks() { [[ $1 != *"$2"* ]] || { printf 'not wanted: %s\nin: %s\n' "$2" "$1" && return 1; }; }

same() { [[ $1 == "$2" ]] || { printf 'wanted: %s\ngot: %s\n' "$1" "$2" && return 1; }; }

# in_scripts STATEMENT: runs it in a strict shell that has loaded the scripts, as a front door does.
# No .NET installation of this machine is in sight, only those under $sandbox/system.
in_scripts() {
  bash -c 'set -euo pipefail
    root=$1 door=test
    for part in output caller dotnet packages; do source "$root/scripts/$part.sh"; done
    system_dotnets=("$2/system/a" "$2/system/b")
    '"$1" -- "$root" "$sandbox"
}
