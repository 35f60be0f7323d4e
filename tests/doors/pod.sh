#!/usr/bin/env bash
# The program of the pods: when it is compiled to machine code, what is done where it cannot be, and where the command line finds it.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/harness.sh"

# placed: how the program beside the command line was made.
placed() { cat "$root/artifacts/bin/katabira/release/pod/katabira-pod"; }

pods() { if [[ -e $HOME/pods ]]; then grep -c . "$HOME/pods"; else echo 0; fi; }

Pod_WithACompiler_IsMachineCodeBesideTheCommandLine() {
  fake_tree
  expect 0 "$root/katabira"
  same publish "$(placed)"
  [[ -x $root/artifacts/bin/katabira/release/pod/katabira-pod ]]
  contains "$(<"$HOME/pods")" "dotnet publish src/katabira-pod -c Release -r linux-"
  contains "$(<"$HOME/pods")" "-p:CppCompilerAndLinker=gcc -p:LinkerFlavor=bfd"
  lacks "$err" "without machine code"
}

Pod_WithClangAlone_IsCompiledAsDotnetLikesIt() {
  fake_tree
  mv "$sandbox/bin/gcc" "$sandbox/bin/clang"
  expect 0 "$root/katabira"
  same publish "$(placed)"
  lacks "$(<"$HOME/pods")" CppCompilerAndLinker
}

Pod_WithoutACompiler_IsInterpretedAndTheCostIsSaid() {
  fake_tree
  rm "$sandbox/bin/gcc"
  expect 0 as_nobody env HOME="$HOME" "$root/katabira"
  same build "$(placed)"
  contains "$err" "katabira: this machine lacks gcc (links the program of the pods)"
  contains "$err" "build: pods go without machine code: each takes 29 MB instead of 5"
  expect 0 as_nobody env HOME="$HOME" "$root/katabira"
  same "" "$err"
  same 1 "$(pods)"
}

Pod_CompilerComesLater_IsCompiledAtTheNextBuild() {
  fake_tree
  mv "$sandbox/bin/gcc" "$sandbox/gcc"
  expect 0 as_nobody env HOME="$HOME" "$root/katabira"
  mv "$sandbox/gcc" "$sandbox/bin/gcc"
  expect 0 as_nobody env HOME="$HOME" "$root/scripts/build" katabira
  same publish "$(placed)"
  same 1 "$(builds)"
}

Pod_AnotherSourceIsNewer_IsLeftAlone() {
  fake_tree
  expect 0 "$root/katabira"
  touch -d '1 hour' "$root/src/Program.cs"
  expect 0 "$root/katabira"
  same "2 1" "$(builds) $(pods)"
}

Pod_ItsSourceIsNewer_IsCompiledAgain() {
  fake_tree
  expect 0 "$root/katabira"
  touch -d '1 hour' "$root/src/katabira-pod/Program.cs"
  expect 0 "$root/katabira"
  same "2 2" "$(builds) $(pods)"
}

Pod_IsExecutedMeanwhile_IsReplacedAllTheSame() {
  fake_tree
  expect 0 "$root/katabira"
  # The kernel refuses to write into a file that runs; another file in its place disturbs nobody.
  cp -f /usr/bin/sleep "$root/artifacts/bin/katabira/release/pod/katabira-pod"
  "$root/artifacts/bin/katabira/release/pod/katabira-pod" 1000 &
  local pid=$!
  touch -d '1 hour' "$root/src/katabira-pod/Program.cs"
  expect 0 "$root/katabira"
  same publish "$(placed)"
  kill "$pid"
}

Pod_CannotBeCompiled_IsInterpretedAndNotTriedAgain() {
  fake_tree
  touch "$HOME/pod-breaks"
  expect 0 "$root/katabira"
  same build "$(placed)"
  contains "$err" "artifacts/pod.log says why"
  expect 0 "$root/katabira"
  same 2 "$(pods)"
}

Pod_CannotBeCompiledUnderCi_IsAnError() {
  fake_tree
  touch "$HOME/pod-breaks"
  CI=true expect 1 "$root/katabira"
  contains "$err" "src/katabira-pod could not be compiled to machine code"
  contains "$err" "hint: the whole log is in artifacts/pod.log"
}

Pod_OfTheBenchmarks_IsNotBuilt() {
  fake_tree
  expect 0 "$root/scripts/build" bench
  same 0 "$(pods)"
}

run_tests
