#!/usr/bin/env bash
# Where a .NET SDK is found, and what is said where none is.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/harness.sh"

found() { in_scripts 'need_dotnet; echo "$DOTNET_ROOT"'; }

Dotnet_InPath_IsFound() {
  sdk_in "$sandbox/opt/net" 10.0.100
  ln -s "$sandbox/opt/net/dotnet" "$sandbox/bin/dotnet"
  expect 0 found
  same "$sandbox/opt/net" "$out"
  same "" "$err"
}

Dotnet_InDotnetRoot_IsFound() {
  sdk_in "$sandbox/elsewhere" 10.0.401
  export DOTNET_ROOT=$sandbox/elsewhere
  expect 0 found
  same "$sandbox/elsewhere" "$out"
}

Dotnet_InHome_IsFound() {
  sdk_in "$HOME/.dotnet" 10.0.100
  expect 0 found
  same "$HOME/.dotnet" "$out"
}

Dotnet_InFirstSystemFolder_IsFound() {
  sdk_in "$sandbox/system/a" 10.0.100
  expect 0 found
  same "$sandbox/system/a" "$out"
}

Dotnet_InSecondSystemFolder_IsFound() {
  sdk_in "$sandbox/system/b" 10.0.100
  expect 0 found
  same "$sandbox/system/b" "$out"
}

Dotnet_InSeveralPlaces_TheNearestWins() {
  sdk_in "$sandbox/system/a" 10.0.100
  sdk_in "$HOME/.dotnet" 10.0.100
  expect 0 found
  same "$HOME/.dotnet" "$out"
}

Dotnet_OldInPathAndNewInHome_TheNewIsFound() {
  sdk_in "$sandbox/opt/net" 8.0.404
  ln -s "$sandbox/opt/net/dotnet" "$sandbox/bin/dotnet"
  sdk_in "$HOME/.dotnet" 10.0.100
  expect 0 found
  same "$HOME/.dotnet" "$out"
}

Dotnet_BehindAScriptOfAVersionManager_IsFound() {
  sdk_in "$sandbox/versions/10" 10.0.100
  command_in "$sandbox/bin" dotnet <<<"echo '10.0.100 [$sandbox/versions/10/sdk]'"
  expect 0 found
  same "$sandbox/versions/10" "$out"
}

Dotnet_Nowhere_SaysWhereItLookedAndWhatToDo() {
  expect 1 found
  same "" "$out"
  contains "$err" "test: no .NET SDK 10 on this machine"
  lacks "$err" "found only"
  contains "$err" "hint: Ubuntu 24.04 and later: apt-get install dotnet-sdk-10.0"
  contains "$err" "looked in PATH, \$DOTNET_ROOT, ~/.dotnet, $sandbox/system/a $sandbox/system/b"
}

Dotnet_OnlyTooOld_NamesWhatIsThere() {
  sdk_in "$sandbox/system/a" 8.0.404
  sdk_in "$sandbox/system/b" 9.0.300
  expect 1 found
  contains "$err" "found only 8.0.404 in $sandbox/system/a, 9.0.300 in $sandbox/system/b"
}

Dotnet_OnlyAPreviewOfTen_IsRefused() {
  sdk_in "$sandbox/system/a" 10.0.100-rc.2.25502.107
  expect 1 found
  contains "$err" "found only 10.0.100-rc.2"
}

Dotnet_OnlyARuntime_IsRefused() {
  command_in "$sandbox/system/a" dotnet <<<true
  mkdir -p "$sandbox/system/a/shared/Microsoft.NETCore.App/10.0.0"
  expect 1 found
  lacks "$err" "found only"
}

run_tests
