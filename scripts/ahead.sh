# shellcheck shell=bash
# The command line's libraries, compiled ahead of time (ReadyToRun) in the place of those that the JIT compiles at each start.
# Needs $root, output.sh, dotnet.sh and pod.sh; runs in $root.

: "${root:?the folder of the repository}"

# What a person hears who goes without.
late_compilation='the command line is compiled at each start, which takes a cluster 0.3 s more'

# compile_ahead: after each build, because a build puts its own libraries back. Where CI builds, a failure is an error.
compile_ahead() {
  local system built=artifacts/bin/katabira/release compiled=artifacts/publish/katabira file
  system=$(platform) || return 0
  local -a options=(-c Release -r "$system" --no-self-contained -p:PublishReadyToRun=true -p:RunAnalyzers=false --tl:off -o "$compiled")
  [[ ${CI-} != true ]] || options+=(-nodeReuse:false -p:UseSharedCompilation=false)
  say "compiling src/katabira ahead of time"
  rm -rf "$compiled"
  if ! "$DOTNET_ROOT/dotnet" publish src/katabira "${options[@]}" >artifacts/ahead.log 2>&1 </dev/null 9>&-; then
    [[ ${CI-} != true ]] || fail "src/katabira could not be compiled ahead of time" "the whole log is in artifacts/ahead.log"
    say "src/katabira could not be compiled ahead of time, artifacts/ahead.log says why; $late_compilation"
    return 0
  fi
  # Whole files in the place of whole files: somebody may run the old ones.
  for file in "$compiled"/*.dll; do
    cp -- "$file" "$built/.next"
    mv -- "$built/.next" "$built/${file##*/}"
  done
}
