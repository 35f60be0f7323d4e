#!/usr/bin/env bash
# The command line's libraries are compiled ahead of time after each build, and a person gets on where that fails.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/harness.sh"

library() { cat "$root/artifacts/bin/katabira/release/katabira.dll"; }

Ahead_AfterABuild_TakesThePlaceOfWhatTheJitWouldCompile() {
  fake_tree
  expect 0 "$root/katabira"
  same "compiled ahead" "$(library)"
  contains "$(<"$HOME/aheads")" "dotnet publish src/katabira -c Release -r linux-"
  contains "$(<"$HOME/aheads")" "-p:PublishReadyToRun=true"
}

Ahead_NothingNew_IsNotDoneAgain() {
  fake_tree
  expect 0 "$root/katabira"
  expect 0 "$root/katabira"
  same 1 "$(grep -c . "$HOME/aheads")"
}

Ahead_Fails_IsSaidAndTheCommandRuns() {
  fake_tree
  touch "$HOME/ahead-breaks"
  expect 0 "$root/katabira" hello
  contains "$out" "arguments: <hello>"
  contains "$err" "src/katabira could not be compiled ahead of time, artifacts/ahead.log says why; the command line is compiled at each start"
}

Ahead_FailsInCi_IsAnError() {
  fake_tree
  touch "$HOME/ahead-breaks"
  CI=true expect 1 "$root/katabira"
  contains "$err" "src/katabira could not be compiled ahead of time"
}

run_tests
