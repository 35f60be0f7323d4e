#!/usr/bin/env bash
# What is said and done where the machine lacks something. Nothing is really installed: apt-get and sudo are fakes.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/harness.sh"

# An apt-get that puts a command of the package's name into PATH.
fake_apt_get() {
  command_in "$sandbox/bin" apt-get <<'FAKE'
echo "apt-get $*" >>"$HOME/apt-calls"
[[ $1 == install ]] || exit 0
echo "noise of the installation"
package=${*: -1}
printf '#!/usr/bin/env bash\n' >"${HOME%/home}/bin/$package" && chmod a+x "${HOME%/home}/bin/$package"
FAKE
}

fake_sudo() {
  command_in "$sandbox/bin" sudo <<'FAKE'
echo "sudo $*" >>"$HOME/sudo-calls"
shift
exec "$@"
FAKE
}

ensure_tests() { as_nobody in_scripts 'requirements=("test|gizmo|gizmo|turns the tests"); ensure test'; }

Packages_NothingMissing_IsSilent() {
  command_in "$sandbox/bin" gizmo <<<true
  expect 0 ensure_tests
  same "" "$out$err"
}

Packages_MissingWithSudo_AreNamedThenInstalled() {
  fake_apt_get
  fake_sudo
  expect 0 ensure_tests
  same "" "$out"
  contains "$err" "test: this machine lacks gizmo (turns the tests)"
  contains "$err" "test: installing: gizmo"
  lacks "$err" "noise of the installation"
  same $'apt-get update -qq\napt-get install -y -qq --no-install-recommends gizmo' "$(<"$HOME/apt-calls")"
}

Packages_MissingWithSudo_SudoAsksOnceAndWhyIsSaid() {
  fake_apt_get
  fake_sudo
  expect 0 ensure_tests
  contains "$err" "test: sudo is needed to install packages"
  same 1 "$(grep -c '^sudo -- ' "$HOME/sudo-calls")"
}

Packages_NeitherRootNorSudo_SaysWhatAnAdministratorMustRun() {
  fake_apt_get
  expect 1 ensure_tests
  contains "$err" "test: this machine lacks gizmo"
  contains "$err" "installing needs root, and this machine has no sudo"
  contains "$err" "hint: ask an administrator to run: apt-get update && apt-get install -y gizmo"
  [[ ! -e $HOME/apt-calls ]]
}

Packages_SudoRefuses_SaysWhatAnAdministratorMustRun() {
  fake_apt_get
  command_in "$sandbox/bin" sudo <<<'echo "sorry, you may not" >&2; exit 1'
  expect 1 ensure_tests
  contains "$err" "could not install: gizmo"
  contains "$err" "ask an administrator to run: apt-get update && apt-get install -y gizmo"
}

Packages_ListsCannotBeRenewed_InstallsAllTheSame() {
  fake_apt_get
  sed -i '2i [[ $1 != update ]] || exit 100' "$sandbox/bin/apt-get"
  fake_sudo
  expect 0 ensure_tests
}

Packages_NoApt_SaysWhatToInstall() {
  fake_sudo
  expect 1 ensure_tests
  contains "$err" "there is no apt-get here"
  contains "$err" "install with your own package manager what Debian calls: gizmo"
  [[ ! -e $HOME/sudo-calls ]]
}

Packages_InstallationLeavesItMissing_Fails() {
  command_in "$sandbox/bin" apt-get <<<true
  fake_sudo
  expect 1 ensure_tests
  contains "$err" "could not install: gizmo"
}

Packages_OfAnotherJob_AreNotAskedFor() {
  expect 0 in_scripts 'requirements=("demo|gizmo|gizmo|x" "test|/no|/etc|y"); ensure build test'
  same "" "$err"
}

Packages_OneOfSeveralProbes_IsEnough() {
  command_in "$sandbox/bin" gadget <<<true
  expect 0 in_scripts 'requirements=("test|gizmo|gizmo,/no/gizmo,gadget|x"); ensure test'
  same "" "$err"
}

Packages_WishThatCannotBe_SaysWhatItCostsAndGoesOn() {
  expect 0 as_nobody in_scripts 'requirements=("compile|gizmo|gizmo|makes it fast"); wish compile "it is slow"; echo on'
  same on "$out"
  contains "$err" "test: this machine lacks gizmo (makes it fast)"
  contains "$err" "test: going on without it: it is slow"
}

Packages_WishThatIsThere_IsSilent() {
  command_in "$sandbox/bin" gizmo <<<true
  expect 0 in_scripts 'requirements=("compile|gizmo|gizmo|x"); wish compile "it is slow"'
  same "" "$out$err"
}

Packages_EveryRequirement_HasFourFields() {
  expect 0 in_scripts 'for line in "${requirements[@]}"; do IFS="|" read -ra fields <<<"$line"; ((${#fields[@]} == 4)); done'
}

run_tests
