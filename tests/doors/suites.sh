#!/usr/bin/env bash
# ./test and ./bench/run: options, counting, the closing line, and that no suite can fail in silence.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/harness.sh"

# fake_suites: three suites with 2 + 1 + 5 tests that pass, on a machine that lacks nothing. The others are left out.
fake_suites() {
  fake_tree
  sed -i -E "/^  '/{/'(house|doors|Katabira.Tests)\|/!d}" "$root/scripts/suites.sh"
  sed -i "/^  'test|/d" "$root/scripts/packages.sh"
  command_in "$root/tests/house" run <<<'echo ok one; echo ok two'
  command_in "$root/tests/doors" run <<<'echo "ok three"'
  xunit_suite 0 5 0
}

# xunit_suite STATUS PASSED FAILED [ERRORS]: an executable that reports as xunit does.
xunit_suite() {
  command_in "$root/artifacts/bin/Katabira.Tests/release" Katabira.Tests <<FAKE
echo "\${KATABIRA_LONG-plain} \$*" >>"\$HOME/xunit-calls"
echo "chatter of the suite"
while [[ \$1 != --report-xunit-xml-filename ]]; do shift; done
echo '<assemblies><assembly name="x" errors="${4-0}" failed="$3" not-run="0" passed="$2" total="9"><test passed="77"/>' >"$root/artifacts/test-results/\$2"
exit $1
FAKE
}

Test_AllPass_EndsWithTheTotals() {
  fake_suites
  expect 0 "$root/test"
  same "8 passed, 0 failed" "$out"
  contains "$err" "house: 2 passed, 0 failed"
  contains "$err" "so far 3 passed, 0 failed"
  contains "$err" "chatter of the suite"
  same "dotnet build Katabira.slnx -c Release --tl:off" "$(<"$HOME/builds")"
}

Test_XunitTestFails_IsCountedAndFails() {
  fake_suites
  xunit_suite 2 4 1
  expect 1 "$root/test"
  same "7 passed, 1 failed" "$out"
}

Test_XunitCleanUpFails_IsCountedAndFails() {
  fake_suites
  xunit_suite 2 5 0 1
  expect 1 "$root/test"
  same "8 passed, 1 failed" "$out"
}

Test_LineFails_IsCountedAndFails() {
  fake_suites
  command_in "$root/tests/doors" run <<<'echo "ok a"; echo "not ok b"; echo "  why"; exit 1'
  expect 1 "$root/test"
  same "8 passed, 1 failed" "$out"
  contains "$err" "  why"
}

Test_SuiteCrashes_CountsAsAFailure() {
  fake_suites
  command_in "$root/artifacts/bin/Katabira.Tests/release" Katabira.Tests <<<'kill -SEGV $$'
  expect 1 "$root/test"
  same "3 passed, 1 failed" "$out"
  contains "$err" "Katabira.Tests ended with status 139"
}

Test_SuiteCrashesAfterPassing_CountsAsAFailure() {
  fake_suites
  command_in "$root/tests/doors" run <<<'echo "ok a"; exit 7'
  expect 1 "$root/test"
  same "8 passed, 1 failed" "$out"
}

Test_ReportOfAnEarlierRun_IsNotCounted() {
  fake_suites
  expect 0 "$root/test"
  command_in "$root/artifacts/bin/Katabira.Tests/release" Katabira.Tests <<<'exit 1'
  expect 1 "$root/test"
  same "3 passed, 1 failed" "$out"
}

Test_SuiteIsNotThere_CountsAsAFailure() {
  fake_suites
  rm "$root/tests/doors/run"
  expect 1 "$root/test"
  same "7 passed, 1 failed" "$out"
}

# prepared_suite: the second suite gets a preparation, the script on stdin.
prepared_suite() {
  fake_suites
  sed -i "s#tests/doors/run'#tests/doors/run|scripts/prepare'#" "$root/scripts/suites.sh"
  command_in "$root/scripts" prepare
}

Test_SuiteWithAPreparation_RunsAfterIt() {
  prepared_suite <<<'echo "chatter"; echo "echo ok made" >"$HOME/made"'
  command_in "$root/tests/doors" run <<<'bash "$HOME/made"'
  expect 0 "$root/test"
  same "8 passed, 0 failed" "$out"
  contains "$err" chatter
}

Test_PreparationFails_CountsAsAFailureAndTheOthersRun() {
  prepared_suite <<<'exit 3'
  expect 1 "$root/test"
  same "7 passed, 1 failed" "$out"
  contains "$err" "doors was not run, because scripts/prepare failed"
  lacks "$err" "ok three"
}

Test_SuiteRunsNoTest_CountsAsAFailure() {
  fake_suites
  xunit_suite 8 0 0
  expect 1 "$root/test"
  same "3 passed, 1 failed" "$out"
  contains "$err" "Katabira.Tests ran no test"
}

Test_ArgumentsAfterDashes_GoToTheXunitSuitesAlone() {
  fake_suites
  expect 0 "$root/test" -- --filter-class 'A B'
  same "5 passed, 0 failed" "$out"
  contains "$(<"$HOME/xunit-calls")" "--filter-class A B"
}

Test_ArgumentsThatMatchNothing_Fail() {
  fake_suites
  xunit_suite 8 0 0
  expect 1 "$root/test" -- --filter-class X
  same "0 passed, 1 failed" "$out"
  contains "$err" "no test matches: --filter-class X"
}

Test_SkippedTests_AreAskedToFail() {
  fake_suites
  expect 0 "$root/test"
  contains "$(<"$HOME/xunit-calls")" "--fail-skips on"
}

Test_Long_TellsTheSuites() {
  fake_suites
  expect 0 "$root/test"
  expect 0 "$root/test" --long
  same plain "$(head -n 1 "$HOME/xunit-calls" | cut -d' ' -f1)"
  same 1 "$(tail -n 1 "$HOME/xunit-calls" | cut -d' ' -f1)"
}

Test_BuildFails_RunsNothing() {
  fake_suites
  touch "$HOME/breaks"
  expect 1 "$root/test"
  same "" "$out"
  [[ ! -e $HOME/xunit-calls ]]
}

Test_UnderCi_BuildsEverythingAnew() {
  fake_suites
  CI=true expect 0 "$root/test"
  contains "$(<"$HOME/builds")" "--no-incremental"
}

Test_UnknownOption_IsAUsageError() {
  expect 64 "$root/test" --lnog
  same "" "$out"
  contains "$err" "test: unknown option: --lnog"
  contains "$err" "hint: ./test [--long]"
}

Test_Help_IsAResult() {
  expect 0 "$root/test" --help
  contains "$out" "./test [--long]"
  same "" "$err"
}

Bench_UnknownScenario_ListsThoseThatExist() {
  fake_tree
  expect 64 "$root/bench/run" model modle
  contains "$err" "bench: there is no scenario 'modle'"
  contains "$err" "hint: there are: "
  contains "$err" " model"
  same 0 "$(builds)"
}

Bench_ScenariosRunOneByOne_AreMerged() {
  fake_tree
  rm -r "$root/bench/scenarios"
  command_in "$root/bench/scenarios" alpha <<<'echo "table of alpha"; echo "{\"rows\": 1}" >"$1"'
  command_in "$root/bench/scenarios" beta <<<'echo "table of beta"; echo "{\"rows\": 2}" >"$1"'
  expect 0 "$root/bench/run" beta
  same "table of beta" "$out"
  expect 0 "$root/bench/run" alpha
  same '{ "alpha": {"rows": 1}, "beta": {"rows": 2} }' "$(tr -s '\n ' '  ' <"$root/artifacts/bench/latest.json" | sed 's/ $//')"
  expect 0 "$root/bench/run"
  same $'table of alpha\ntable of beta' "$out"
}

Bench_ScenarioFails_FailsAndKeepsTheOldNumbers() {
  fake_tree
  rm -r "$root/bench/scenarios"
  command_in "$root/bench/scenarios" alpha <<<'echo "{\"rows\": 1}" >"$1"; [[ ! -e $HOME/broken ]] || { echo half >"$1"; exit 1; }'
  expect 0 "$root/bench/run"
  touch "$HOME/broken"
  expect 1 "$root/bench/run"
  contains "$err" "bench: alpha failed"
  contains "$(<"$root/artifacts/bench/latest.json")" '"alpha": {"rows": 1}'
}

Bench_FirstScenarioFails_LeavesNoNumbers() {
  fake_tree
  rm -r "$root/bench/scenarios"
  command_in "$root/bench/scenarios" alpha <<<'exit 1'
  expect 1 "$root/bench/run"
  [[ ! -e $root/artifacts/bench/latest.json ]]
}

run_tests
