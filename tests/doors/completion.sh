#!/usr/bin/env bash
# Tab completion as bash does it, with the program that was built in this tree.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/harness.sh"

prepare() {
  mkdir -p "$work/sandbox"
  cd "$checkout"
  # shellcheck source=/dev/null
  source <(./katabira completion bash)
}

# offers LINE: what TAB at the end of the line brings.
offers() {
  COMP_LINE=$1 COMP_POINT=${#1} COMPREPLY=(left over)
  read -ra COMP_WORDS <<<"$1"
  [[ $1 != *' ' ]] || COMP_WORDS+=("")
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  "$(completer)"
  echo "${COMPREPLY[*]}"
}

# The function that bash would call.
completer() { complete -p katabira | sed -n 's/.* -F \([^ ]*\) .*/\1/p'; }

Completion_StartOfAVerb_IsCompleted() { same version "$(offers './katabira ver')"; }

Completion_Nothing_OffersEveryVerb() { same "cluster completion demo image version" "$(offers './katabira ' | tr ' ' '\n' | grep -v ^- | tr '\n' ' ' | sed 's/ $//')"; }

Completion_Option_IsCompleted() { same "--output" "$(offers './katabira version --out')"; }

Completion_ValueOfAnOption_IsCompleted() { same "json" "$(offers './katabira version -o j')"; }

Completion_Argument_IsCompleted() { same "zsh" "$(offers './katabira completion z')"; }

Completion_TwoBlanks_ChangeNothing() { same version "$(offers './katabira   ver')"; }

Completion_InTheMiddleOfTheLine_LooksAtWhatIsBeforeTheCursor() {
  COMP_LINE='./katabira ver -o json' COMP_POINT=14 COMP_WORDS=(./katabira ver -o json) COMP_CWORD=1
  _katabira
  same version "${COMPREPLY[*]}"
}

Completion_NothingFits_OffersNothing() { same "" "$(offers './katabira xyz')"; }

run_tests
