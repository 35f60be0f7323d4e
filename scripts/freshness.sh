# shellcheck shell=bash
# Whether what was built is newer than its sources. Needs $root.

: "${root:?the folder of the repository}"

# Whatever may change a build; folders count too, so that a file that came, went or moved is noticed.
build_inputs=(src bench manifests .editorconfig global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt BannedSymbols.Libraries.txt)

# Whatever may change the program of a pod.
pod_inputs=(src/katabira-pod src/Katabira.Net global.json Directory.Build.props Directory.Packages.props)

# is_fresh TARGET: its stamp carries the time at which the build began, so an edit made while it ran is seen afterwards.
is_fresh() {
  local -a inputs=("${build_inputs[@]}")
  [[ $1 != pod ]] || inputs=("${pod_inputs[@]}")
  local stamp=$root/artifacts/stamps/$1 newer
  [[ -e $stamp ]] &&
    newer=$(cd -- "$root" && find "${inputs[@]}" -newer "$stamp" -print -quit 2>&1) && [[ -z $newer ]]
}
