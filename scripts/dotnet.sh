# shellcheck shell=bash
# Finds a .NET installation that holds an SDK 10, as global.json asks for. Needs output.sh and caller.sh.

system_dotnets=(/usr/share/dotnet /usr/lib/dotnet)

# need_dotnet: exports DOTNET_ROOT, for the SDK and for every executable built with it, or says what is missing.
need_dotnet() {
  local place
  local -a places
  mapfile -t places < <(dotnet_places)
  for place in "${places[@]}"; do
    if has_sdk10 "$place"; then
      export DOTNET_ROOT=$place
      # Neither the SDK nor the test platform reports home about people who only wanted to build.
      export DOTNET_CLI_TELEMETRY_OPTOUT=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
      return
    fi
  done
  complain_about_dotnet "${places[@]}"
  exit 1
}

# The folders to look at, the nearest to the user first.
dotnet_places() {
  local command
  while read -r command; do
    installation_of "$command"
  done < <(type -aP dotnet)
  printf '%s\n' ${DOTNET_ROOT:+"$DOTNET_ROOT"} "$(caller_home)/.dotnet" "${system_dotnets[@]}"
}

# The folder behind a dotnet command. One that is a script, as version managers install it, is asked.
installation_of() {
  local folder
  folder=$(dirname -- "$(readlink -f -- "$1")")
  if [[ -d $folder/sdk ]]; then
    printf '%s\n' "$folder"
  else
    "$1" --list-sdks 2>/dev/null | sed -n 's|^[^ ]* \[\(.*\)/sdk\]$|\1|p' | sort -u || true
  fi
}

has_sdk10() {
  local version
  local -a versions
  mapfile -t versions < <(sdks_in "$1")
  for version in "${versions[@]}"; do
    [[ ! $version =~ ^10\.0\.[0-9]+$ ]] || return 0
  done
  return 1
}

sdks_in() {
  local folder
  for folder in "$1"/sdk/*/dotnet.dll; do
    if [[ -x $1/dotnet && -e $folder ]]; then
      folder=${folder%/dotnet.dll}
      printf '%s\n' "${folder##*/}"
    fi
  done
}

complain_about_dotnet() {
  local place version found=
  for place in "$@"; do
    while read -r version; do
      [[ $found == *"$version in $place"* ]] || found+=", $version in $place"
    done < <(sdks_in "$place")
  done
  complain "no .NET SDK 10 on this machine${found:+; found only ${found:2}}" \
    'Ubuntu 24.04 and later: apt-get install dotnet-sdk-10.0' \
    'elsewhere, without root: curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0' \
    "looked in PATH, \$DOTNET_ROOT, ~/.dotnet, ${system_dotnets[*]}"
}
