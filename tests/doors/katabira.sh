#!/usr/bin/env bash
# ./katabira: when it builds, when it does not, and that nothing is lost between the shell and the program.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/harness.sh"

Katabira_FirstTime_BuildsThenRuns() {
  fake_tree
  expect 0 "$root/katabira" hello
  same "arguments: <hello>" "$out"
  same "dotnet build src/katabira -c Release --tl:off" "$(<"$HOME/builds")"
  contains "$err" "building src/katabira for the first time"
  contains "$err" "warning X1: mind the gap"
}

Katabira_NothingChanged_DoesNotBuild() {
  fake_tree
  expect 0 "$root/katabira"
  expect 0 "$root/katabira"
  same 1 "$(builds)"
  same "" "$err"
}

Katabira_SourceIsNewer_BuildsAgain() {
  fake_tree
  expect 0 "$root/katabira"
  touch -d '1 hour' "$root/src/Program.cs"
  expect 0 "$root/katabira"
  same 2 "$(builds)"
}

Katabira_SourceWasRemoved_BuildsAgain() {
  fake_tree
  expect 0 "$root/katabira"
  rm "$root/src/Program.cs"
  expect 0 "$root/katabira"
  same 2 "$(builds)"
}

Katabira_OldSourceWasAdded_BuildsAgain() {
  fake_tree
  expect 0 "$root/katabira"
  touch -d '1 year ago' "$root/src/Other.cs"
  expect 0 "$root/katabira"
  same 2 "$(builds)"
}

Katabira_BuildFails_SaysWhyAndStaysStale() {
  fake_tree
  touch "$HOME/breaks"
  expect 1 "$root/katabira" hello
  same "" "$out"
  contains "$err" "Nothing.cs(2,2): error X2: it does not [src/x.csproj]"
  contains "$err" "hint: the whole log is in artifacts/build.log"
  rm "$HOME/breaks"
  expect 0 "$root/katabira" hello
  same 2 "$(builds)"
}

Katabira_TwoAtOnce_BuildOnce() {
  fake_tree
  mkfifo "$HOME/gate" "$HOME/second"
  "$root/katabira" one >"$HOME/one" 2>&1 &
  local first=$! said
  # Opens as soon as the first one's build reads from it.
  exec 8>"$HOME/gate"
  "$root/katabira" two >"$HOME/two" 2>"$HOME/second" &
  local second=$!
  read -r said <"$HOME/second"
  same "build: waiting for another build of this tree" "$said"
  echo go >&8
  wait "$first"
  wait "$second"
  same "arguments: <two>" "$(<"$HOME/two")"
  same 1 "$(builds)"
}

Katabira_ArgumentsInputAndExitCode_PassThrough() {
  fake_tree
  expect 3 "$root/katabira" exit 3
  expect 0 "$root/katabira" 'two words' '' '*'
  same "arguments: <two words> <> <*>" "$out"
  same $'arguments: <read>\nline' "$("$root/katabira" read <<<line)"
}

Katabira_Signal_ReachesTheProgram() {
  fake_tree
  command_in "$HOME" program <<<'trap "exit 42" TERM; echo ready >"$HOME/ready"; read -r _ <"$HOME/never"'
  mkfifo "$HOME/ready" "$HOME/never"
  "$root/katabira" &
  local pid=$! status=0
  read -r _ <"$HOME/ready"
  kill -TERM "$pid"
  wait "$pid" || status=$?
  same 42 "$status"
}

Katabira_ThroughASymlinkFromElsewhere_FindsItsTree() {
  fake_tree
  ln -s "$root/katabira" "$sandbox/link"
  ln -s link "$sandbox/linked"
  cd /
  expect 0 "$sandbox/linked" hello
  same "arguments: <hello>" "$out"
  [[ -d $root/artifacts ]]
}

Katabira_QuestionOfCompletion_NeverBuilds() {
  fake_tree
  expect 0 "$root/katabira" '[suggest:0]' ''
  same "" "$out$err"
  expect 0 "$root/katabira"
  touch -d '1 hour' "$root/src/Program.cs"
  expect 0 "$root/katabira" '[suggest:0]' ''
  same "arguments: <[suggest:0]> <>" "$out"
  same 1 "$(builds)"
}

Katabira_NoSdk_SaysSoAndRunsNothing() {
  fake_tree
  rm -r "$HOME/.dotnet"
  sed -i 's|^system_dotnets=.*|system_dotnets=(/nowhere)|' "$root/scripts/dotnet.sh"
  expect 1 "$root/katabira"
  contains "$err" "katabira: no .NET SDK 10"
  [[ ! -e $root/artifacts ]]
}

Katabira_TreeOfSomebodyElse_SaysWhoMayBuild() {
  fake_tree
  chmod a-w "$root"
  expect 1 as_nobody env HOME="$HOME" "$root/katabira"
  contains "$err" "may not write to $root/artifacts"
  contains "$err" "hint: it belongs to $(id -nu)"
  same 0 "$(builds)"
}

Katabira_Demo_ChecksBuildsAndHandsOver() {
  fake_tree
  expect 0 "$root/katabira" demo
  same "arguments: <demo>" "$out"
  contains "$err" "katabira: checking the machine"
  contains "$err" "building src/katabira"
}

if ((EUID == 0)); then
  Katabira_UnderSudo_BuildsAsTheCallerAndRunsAsRoot() {
    fake_tree
    command_in "$HOME" program <<<'id -u'
    sed -i "s|^caller_home() {|caller_home() { echo '$HOME'; return|" "$root/scripts/caller.sh"
    export SUDO_UID=65534 SUDO_GID=65534 SUDO_USER=nobody
    expect 0 "$root/katabira"
    same 0 "$out"
    same "65534" "$(find "$root/artifacts" "$HOME/builds" -printf '%U\n' | sort -u)"
  }
fi

run_tests
