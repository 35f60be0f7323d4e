# shellcheck shell=bash
# The suites of ./test, and how each is run and counted. Needs $root, output.sh and caller.sh.

: "${root:?the folder of the repository}"

# name | program | preparation. A program under artifacts/ is an xunit executable; any other prints a line `ok …` or `not ok …`
# for each test. A preparation, if there is one, is a program that runs first and may be run again.
# What a suite needs on the machine stands in packages.sh, as a requirement of the job `test`.
# shellcheck disable=SC2034 # ./test walks the list
suites=(
  'house|tests/house/run'
  'doors|tests/doors/run'
  'Katabira.Tests|artifacts/bin/Katabira.Tests/release/Katabira.Tests'
  'Katabira.PodTests|artifacts/bin/Katabira.PodTests/release/Katabira.PodTests'
  'Katabira.Network|artifacts/bin/Katabira.Network/release/Katabira.Network'
  'Katabira.EndToEnd|artifacts/bin/Katabira.EndToEnd/release/Katabira.EndToEnd|scripts/clients'
)

# Those that make network namespaces, as pods have, which nobody but root may.
rooted=' Katabira.EndToEnd Katabira.Network Katabira.PodTests '

total_passed=0 total_failed=0

# prepared NAME PREPARATION: whether the suite can be run. One that cannot has failed once.
prepared() {
  [[ -n $2 ]] || return 0
  as_caller "$root/$2" </dev/null >&2 && return
  say "$1 was not run, because $2 failed"
  total_failed=$((total_failed + 1))
  return 1
}

# run_suite NAME PROGRAM [ARG…]: adds to the totals. A suite that crashes, or runs no test, has failed once more.
run_suite() {
  local name=$1 program=$2 status=0 began=$SECONDS
  suite_passed=0 suite_failed=0
  say "$name"
  if [[ $program == artifacts/* ]]; then
    run_xunit "$name" "$root/$program" "${@:3}" || status=$?
  else
    run_lines "$root/$program" || status=$?
  fi
  if ((status != 0 && suite_failed == 0)); then
    say "$name ended with status $status without naming a failed test"
    suite_failed=1
  elif ((suite_passed + suite_failed == 0 && $# == 2)); then
    say "$name ran no test"
    suite_failed=1
  fi
  total_passed=$((total_passed + suite_passed)) total_failed=$((total_failed + suite_failed))
  say "$name: $suite_passed passed, $suite_failed failed in $((SECONDS - began)) s (so far $total_passed passed, $total_failed failed)"
}

# Exit status 8 says that no test matched the arguments: that is for the totals to judge.
run_xunit() {
  local name=$1 program=$2 results=$root/artifacts/test-results status=0
  local -a as=(as_caller)
  if [[ $rooted == *" $name "* ]]; then
    as=(as_root "make network namespaces for $name" env DOTNET_ROOT="${DOTNET_ROOT-}" KATABIRA_LONG="${KATABIRA_LONG-}")
  fi
  as_caller mkdir -p "$results"
  rm -f "$results/$name.xml"
  "${as[@]}" "$program" --report-xunit-xml --report-xunit-xml-filename "$name.xml" --results-directory "$results" \
    --fail-skips on "${@:3}" >&2 </dev/null || status=$?
  if [[ -e $results/$name.xml ]]; then
    suite_passed=$(count_in "$results/$name.xml" passed)
    suite_failed=$(($(count_in "$results/$name.xml" failed) + $(count_in "$results/$name.xml" errors)))
  fi
  ((status == 8)) || return "$status"
}

# count_in REPORT ATTRIBUTE: the number that the report's <assembly> gives, 0 if it gives none.
count_in() {
  local number
  number=$(sed -nE "s/.*<assembly [^>]* $2=\"([0-9]+)\".*/\1/p" "$1" | head -n 1)
  printf '%s\n' "${number:-0}"
}

run_lines() {
  local line
  while IFS= read -r line; do
    case $line in
    'ok '*) suite_passed=$((suite_passed + 1)) ;;
    'not ok '*) suite_failed=$((suite_failed + 1)) ;;
    esac
    printf '  %s\n' "$line" >&2
  done < <(as_caller "$1" </dev/null)
  wait "$!"
}
