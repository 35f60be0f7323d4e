# shellcheck shell=bash
# The program of a pod, katabira-pod: compiled to machine code where something can link it, else run by the JIT.
# Needs $root, output.sh, dotnet.sh and freshness.sh; runs in $root.

: "${root:?the folder of the repository}"

# What a person hears who goes without the compiler.
interpreted_pods='pods go without machine code: each takes 29 MB instead of 5, and each start of a container 0.2 s more'

pod_project=src/katabira-pod
# Beside the command line, which brings it along wherever it is copied to.
pod_place=artifacts/bin/katabira/release/pod

# build_pod: brings the program up to date, and puts it where the command line looks for it.
build_pod() {
  if pod_is_settled && [[ -x $pod_place/katabira-pod ]]; then
    return
  fi
  touch artifacts/stamps/pod.next
  rm -rf artifacts/publish/katabira-pod artifacts/stamps/pod.failed
  if compile_pod; then
    place_pod "$(dirname -- "$(compiled_pod)")"
  else
    interpret_pod
    place_pod artifacts/bin/katabira-pod/release
  fi
  mv artifacts/stamps/pod.next artifacts/stamps/pod
}

# pod_is_settled: nothing better can be had than what is there. A compiler that came since is a reason to begin anew.
pod_is_settled() {
  is_fresh pod && { [[ -x $(compiled_pod) || -e artifacts/stamps/pod.failed ]] || ! linker >/dev/null; }
}

compiled_pod() { printf '%s\n' "artifacts/publish/katabira-pod/release_$(platform)/katabira-pod"; }

# Fails where .NET compiles for no such machine.
platform() {
  case $(uname -m) in
  x86_64) echo linux-x64 ;;
  aarch64) echo linux-arm64 ;;
  *) return 1 ;;
  esac
}

linker() { command -v gcc || command -v clang; }

# Where CI builds, what cannot be compiled is an error; a person gets on without it, and is not kept waiting again by the same trouble.
compile_pod() {
  linker >/dev/null && platform >/dev/null || return 1
  local -a options=(-c Release -r "$(platform)" --tl:off)
  [[ $(linker) != *gcc ]] || options+=(-p:CppCompilerAndLinker=gcc -p:LinkerFlavor=bfd)
  [[ ${CI-} != true ]] || options+=(-nodeReuse:false -p:UseSharedCompilation=false)
  say "compiling $pod_project to machine code"
  "$DOTNET_ROOT/dotnet" publish "$pod_project" "${options[@]}" >artifacts/pod.log 2>&1 </dev/null 9>&- && return
  [[ ${CI-} != true ]] || fail "$pod_project could not be compiled to machine code" "the whole log is in artifacts/pod.log"
  touch artifacts/stamps/pod.failed
  say "$pod_project could not be compiled to machine code, artifacts/pod.log says why; $interpreted_pods"
  return 1
}

interpret_pod() {
  [[ -e artifacts/stamps/pod.failed ]] || say "$interpreted_pods"
  "$DOTNET_ROOT/dotnet" build "$pod_project" -c Release --tl:off >artifacts/pod.log 2>&1 </dev/null 9>&- ||
    fail "$pod_project could not be built" "the whole log is in artifacts/pod.log"
}

# place_pod FOLDER: whole or not at all, and never into a file that is being executed.
place_pod() {
  rm -rf "$pod_place.next"
  mkdir -p "$(dirname -- "$pod_place")"
  cp -r -- "$1" "$pod_place.next"
  rm -rf "$pod_place.next"/*.{dbg,xml} "$pod_place"
  mv -- "$pod_place.next" "$pod_place"
}
