#!/usr/bin/env bash
# The embedded cluster's life without pods, with the program that was built in this tree: each test has a home and a kubeconfig of its own.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/harness.sh"

program=$checkout/artifacts/bin/katabira/release/katabira

prepare() {
  sandbox=$work/sandbox
  mkdir -p "$sandbox/user/.kube"
  cd "$sandbox"
  # shellcheck source=scripts/output.sh
  source "$checkout/scripts/output.sh"
  # shellcheck source=scripts/caller.sh
  source "$checkout/scripts/caller.sh"
  # shellcheck source=scripts/dotnet.sh
  source "$checkout/scripts/dotnet.sh"
  need_dotnet
  export HOME=$sandbox/user KATABIRA_HOME=$sandbox/home KUBECONFIG=$sandbox/user/.kube/config
  unset SUDO_UID SUDO_GID SUDO_USER
  trap end_everything EXIT
}

# Whatever a test leaves running is ended by the number that it wrote itself.
end_everything() {
  local file
  for file in "$sandbox"/*/cluster/serve.json; do
    [[ ! -e $file ]] || kill -KILL "$(number pid "$file")" 2>/dev/null || true
  done
}

cluster() { "$program" cluster "$@"; }

# number NAME FILE: the number of that name in a file of JSON.
number() { sed -nE "s/.*\"$1\": ([0-9]+).*/\1/p" "$2"; }

# status FIELD: what `cluster status` says of it.
status() { cluster status -o json | sed -nE "s/^  \"$1\": \"?([^\",]*)\"?,?\$/\1/p"; }

context() { sed -n 's/^current-context: //p' "$KUBECONFIG"; }

# answers: the API does, with the certificate that the kubeconfig promises.
answers() {
  cluster get-credentials --print | sed -n 's/.*certificate-authority-data: //p' | base64 -d >"$sandbox/ca.crt"
  curl --silent --show-error --fail --max-time 10 --cacert "$sandbox/ca.crt" "$(status address)/healthz"
}

# lives PID: it does, and is not only waiting to be reaped.
lives() { [[ -e /proc/$1/stat && $(sed 's/.*) \(.\).*/\1/' "/proc/$1/stat") != Z ]]; }

ended() { ! lives "$1"; }

# gone: waits until no process serves the home, by its lock.
gone() { flock --timeout 20 "$KATABIRA_HOME/cluster/serve.lock" true; }

Cluster_FromCreateToDelete_LeavesNothing() {
  expect 0 cluster create --without-pods --project p --zone z
  same "" "$out"
  contains "$err" "creating the cluster katabira in $KATABIRA_HOME"
  contains "$err" "ready at https://127.0.0.1:"
  contains "$err" "hint: kubectl get namespaces"
  same "running p z" "$(status state) $(status project) $(status zone)"
  same ok "$(answers)"
  same katabira "$(context)"
  same "600 600" "$(stat -c %a "$KUBECONFIG" "$KATABIRA_HOME/kubeconfig" | tr '\n' ' ' | sed 's/ $//')"
  same "" "$(find "$KATABIRA_HOME" -maxdepth 2 -perm /077)"
  local pid port
  pid=$(status pid) port=$(status address)
  same 1 "$(find "$KATABIRA_HOME/cluster/program" -mindepth 1 -maxdepth 1 | wc -l)"

  expect 0 cluster stop
  same stopped "$(status state)"
  ended "$pid"
  expect 0 cluster stop
  contains "$err" "the cluster katabira is stopped"

  expect 0 cluster start
  same "running $port" "$(status state) $(status address)"
  same ok "$(answers)"

  pid=$(status pid)
  kill -KILL "$pid"
  gone
  same crashed "$(status state)"
  expect 0 cluster start
  contains "$err" "had crashed"
  same ok "$(answers)"

  pid=$(status pid)
  expect 0 cluster delete
  ended "$pid"
  [[ ! -e $KATABIRA_HOME && ! -e $KUBECONFIG ]]
  expect 1 cluster status
}

Create_Running_SaysSoAndStartsNothing() {
  expect 0 cluster create --without-pods
  local pid
  pid=$(status pid)
  expect 0 cluster create --without-pods
  contains "$err" "the cluster katabira is running at https://127.0.0.1:"
  same "$pid" "$(status pid)"
}

Create_Stopped_StartsIt() {
  expect 0 cluster create --without-pods
  expect 0 cluster stop
  expect 0 cluster create --without-pods
  same running "$(status state)"
}

Create_OutlivesItsShellAndHoldsNothingOfIt() {
  # A lock of the caller's, and the pipe of whoever reads what it says: neither may be kept.
  exec 7>"$sandbox/lock"
  flock 7
  same "" "$(cluster create --without-pods 2>/dev/null)"
  exec 7>&-
  flock --nonblock "$sandbox/lock" true
  local pid
  pid=$(status pid)
  same "$pid" "$(sed 's/.*) . [0-9]* [0-9]* \([0-9]*\).*/\1/' "/proc/$pid/stat")"
  lacks "$(readlink "/proc/$pid/exe" "/proc/$pid/cwd" | tr '\n' ' ')" "$checkout"
}

Kubeconfig_OfSomebody_IsAsItWasAfterwards() {
  mkdir "$sandbox/dotfiles"
  printf '%s\n' 'apiVersion: v1' 'kind: Config' 'clusters:' '- name: prod' '  cluster:' '    server: https://prod' 'contexts:' \
    '- name: prod' '  context:' '    cluster: prod' '    user: me' 'current-context: prod' 'users: []' >"$sandbox/dotfiles/config"
  cp "$sandbox/dotfiles/config" "$sandbox/before"
  ln -s "$sandbox/dotfiles/config" "$KUBECONFIG"
  expect 0 cluster create --without-pods
  same katabira "$(context)"
  contains "$(<"$KUBECONFIG")" "name: prod"
  expect 0 cluster delete
  same "$(<"$sandbox/before")" "$(<"$KUBECONFIG")"
  [[ -L $KUBECONFIG ]]
}

TwoHomes_SideBySide_EachHasItsPortAndItsContext() {
  expect 0 cluster create --without-pods
  local first
  first=$(status address)
  export KATABIRA_HOME=$sandbox/second
  expect 0 cluster create --without-pods
  [[ $(status address) != "$first" ]]
  same ok "$(answers)"
  [[ $(context) == katabira-???????? ]]
  expect 0 cluster delete
  same katabira "$(context)"
  export KATABIRA_HOME=$sandbox/home
  same "$first" "$(status address)"
  same ok "$(answers)"
}

Start_PortIsTaken_NamesTheProcessAndFails() {
  expect 0 cluster create --without-pods
  local port pid
  port=$(status address)
  expect 0 cluster stop
  KATABIRA_HOME=$sandbox/second
  # The other home takes the port that is free now.
  expect 0 cluster create --without-pods
  same "$port" "$(status address)"
  pid=$(status pid)
  KATABIRA_HOME=$sandbox/home
  expect 1 cluster start
  contains "$err" "port ${port##*:} of 127.0.0.1 is taken by process $pid (katabira)"
  contains "$err" "hint: the whole log: katabira cluster logs"
  same stopped "$(status state)"
  KATABIRA_HOME=$sandbox/second
  expect 0 cluster delete
  KATABIRA_HOME=$sandbox/home
  expect 0 cluster start
  same "$port" "$(status address)"
}

Serve_AnotherServes_IsRefused() {
  expect 0 cluster create --without-pods
  expect 1 cluster serve
  contains "$err" "another process serves this home: process $(status pid)"
  contains "$err" "hint: katabira cluster stop"
  same running "$(status state)"
}

Serve_InTheForeground_SaysReadyAndEndsOnSignals() {
  local signal line
  for signal in TERM INT HUP; do
    mkfifo "$sandbox/$signal"
    # A shell without job control starts what it does not wait for with INT ignored, and one under nohup passes HUP on ignored.
    env --default-signal=INT,HUP "$program" cluster serve --without-pods >"$sandbox/$signal" 2>"$sandbox/err" &
    local pid=$! code=0
    exec 8<"$sandbox/$signal"
    read -r line <&8
    same "ready $(status address)" "$line"
    same "$pid" "$(status pid)"
    kill -"$signal" "$pid"
    wait "$pid" || code=$?
    same 0 "$code"
    same stopped "$(status state)"
    contains "$(<"$sandbox/err")" " info Cluster/5004 stopped"
  done
}

Serve_DiesAtStart_ShowsItsLastWords() {
  expect 0 cluster create --without-pods
  expect 0 cluster stop
  echo 'no key' >"$KATABIRA_HOME/cluster/data/ca.key"
  expect 1 cluster start
  contains "$err" " error Cluster/5005 cannot serve: "
  contains "$err" "katabira: the cluster ended with status 1 before it was ready"
  same stopped "$(status state)"
}

# It takes the half minute that a cluster may take to end, so only the long run has it.
if [[ ${KATABIRA_LONG-} == 1 ]]; then
  Stop_DoesNotEnd_IsKilled() {
    expect 0 cluster create --without-pods
    kill -STOP "$(status pid)"
    expect 0 cluster stop
    contains "$err" "did not end within 30 s and was killed"
    same stopped "$(status state)"
    expect 0 cluster start
    same ok "$(answers)"
  }
fi

Logs_OfACluster_TellItsLife() {
  expect 0 cluster create --without-pods
  expect 0 cluster stop
  expect 0 cluster logs
  contains "$out" " info Cluster/5001 katabira "
  expect 0 cluster logs --tail 1
  contains "$out" " info Cluster/5004 stopped"
  same 1 "$(wc -l <"$sandbox/out")"
}

Logs_Follow_GoesOnUntilTheClusterIsDeleted() {
  expect 0 cluster create --without-pods
  mkfifo "$sandbox/follow"
  "$program" cluster logs -f --tail 1 >"$sandbox/follow" &
  local reader=$! line
  exec 8<"$sandbox/follow"
  read -r line <&8
  contains "$line" "Cluster/5002 ready"
  expect 0 cluster stop
  read -r line <&8
  contains "$line" "Cluster/5003 stopping"
  read -r line <&8
  contains "$line" "Cluster/5004 stopped"
  expect 0 cluster delete
  wait "$reader"
}

Delete_HomeHoldsMore_KeepsIt() {
  expect 0 cluster create --without-pods
  mkdir "$KATABIRA_HOME/images"
  expect 0 cluster delete
  same images "$(ls "$KATABIRA_HOME")"
}

if ((EUID == 0)); then
  # As a person, with nothing that root has; artifacts may be where only root can read, so the program is theirs too.
  as_person() {
    chmod a+rx "$sandbox" && chown -R 65534:65534 "$sandbox/user"
    cp -r "$(dirname -- "$program")" "$sandbox/program"
    program=$sandbox/program/katabira
    export KATABIRA_HOME=$sandbox/user/home
  }

  Cluster_OfANormalUser_NeedsNoRoot() {
    as_person
    cluster() { setpriv --reuid=65534 --regid=65534 --clear-groups -- "$program" cluster "$@"; }
    expect 0 cluster create --without-pods
    same ok "$(answers)"
    same 65534 "$(find "$sandbox/user" -printf '%U\n' | sort -u)"
    expect 0 cluster delete
    [[ ! -e $KATABIRA_HOME ]]
  }

  Cluster_UnderSudo_IsTheCallers() {
    as_person
    mkdir -p "$sandbox/tree/artifacts/bin/katabira" "$sandbox/tree/artifacts/stamps"
    cp -r "$checkout/katabira" "$checkout/scripts" "$sandbox/tree"
    mv "$sandbox/program" "$sandbox/tree/artifacts/bin/katabira/release"
    # Nothing to build: no source is newer.
    echo 'is_fresh() { true; }' >"$sandbox/tree/scripts/freshness.sh"
    echo "caller_home() { echo '$sandbox/user'; }" >>"$sandbox/tree/scripts/caller.sh"
    cluster() { SUDO_UID=65534 SUDO_GID=65534 SUDO_USER=nobody "$sandbox/tree/katabira" cluster "$@"; }
    expect 0 cluster create --without-pods
    same ok "$(answers)"
    same 65534 "$(find "$sandbox/user" -printf '%U\n' | sort -u)"
    same 65534 "$(stat -c %u "/proc/$(status pid)")"
    expect 0 cluster delete
    [[ ! -e $KATABIRA_HOME ]]
  }

  # fake_sudo: a sudo for the person, behind which this shell does what it is asked, with the environment that sudo leaves.
  fake_sudo() {
    mkfifo "$sandbox/asked"
    chmod a+w "$sandbox/asked"
    command_in "$sandbox/bin" sudo <<FAKE
cd "$sandbox/user"
printf '%s\0' "\$@" >"request.\$\$"
mkfifo "out.\$\$" "err.\$\$" "answer.\$\$"
echo "\$\$" >"$sandbox/asked"
cat "out.\$\$" &
cat "err.\$\$" >&2 &
status=\$(<"answer.\$\$")
wait
rm ./*."\$\$"
exit "\$status"
FAKE
    sudo_requests &
    sudo_server=$!
    trap 'kill "$sudo_server"; end_everything' EXIT
    cluster() { setpriv --reuid=65534 --regid=65534 --clear-groups -- env PATH="$sandbox/bin:$PATH" "$program" cluster "$@"; }
  }

  sudo_requests() {
    local pid status
    local -a request
    while read -r pid <"$sandbox/asked"; do
      mapfile -d '' -t request <"$sandbox/user/request.$pid"
      echo "${request[*]}" >>"$sandbox/sudo-calls"
      status=0
      env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin SUDO_UID=65534 SUDO_GID=65534 SUDO_USER=nobody "${request[@]:1}" \
        </dev/null >"$sandbox/user/out.$pid" 2>"$sandbox/user/err.$pid" || status=$?
      echo "$status" >"$sandbox/user/answer.$pid"
    done
  }

  # leftovers: processes, namespaces and mounts of this home.
  leftovers() {
    grep -alzE "^katabira-pod\$" /proc/[0-9]*/cmdline 2>/dev/null | xargs -r grep -alF "$KATABIRA_HOME/" || true
    ip netns list | grep -F "ktb-$(printf %s "$KATABIRA_HOME/cluster/data" | sha256sum | cut -c 1-8)" || true
    find /sys/fs/cgroup -maxdepth 2 -name "ktb-$(printf %s "$KATABIRA_HOME/cluster/data" | sha256sum | cut -c 1-8)*"
    grep -F "$KATABIRA_HOME" /proc/self/mountinfo || true
  }

  # api METHOD PATH [BODY]: asks as the administrator.
  api() {
    local name
    for name in certificate-authority client-certificate client-key; do
      cluster get-credentials --print | sed -n "s/.*$name-data: //p" | base64 -d >"$sandbox/$name"
    done
    curl --silent --show-error --fail --max-time 10 --cacert "$sandbox/certificate-authority" --cert "$sandbox/client-certificate" --key "$sandbox/client-key" \
      -X "$1" -H 'Content-Type: application/json' ${3+--data "$3"} "$(status address)$2"
  }

  # shows NODE PODS: waits until the status has these two in its columns.
  shows() {
    local line end=$((SECONDS + 30))
    while line=$(cluster status | tail -n 1 | tr -s ' ' | cut -d ' ' -f 3,4) && [[ $line != "$1 $2" ]]; do
      ((SECONDS < end)) || { echo "wanted: $1 $2, got: $line" && return 1; }
    done
  }

  # pod: the process that is the home's one pod.
  pod() {
    local file
    file=$(grep -alzE "^katabira-pod\$" /proc/[0-9]*/cmdline 2>/dev/null | xargs grep -alF "supervise" | xargs grep -alF "$KATABIRA_HOME/")
    dirname "$file" | xargs basename
  }

  Pods_OfACluster_OutliveItsCrashAndEndWithStop() {
    expect 0 cluster create
    shows Ready 0/0
    expect 0 api POST /api/v1/namespaces/default/pods \
      '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"host","command":["sleep","1000000"]}]}}'
    shows Ready 1/1
    local server pod
    server=$(status pid) pod=$(pod)
    kill -KILL "$server"
    gone
    lives "$pod"
    expect 0 cluster start
    contains "$err" "had crashed"
    shows Ready 1/1
    same "$pod" "$(pod)"
    expect 0 cluster stop
    contains "$err" "ended 1 pod"
    ended "$pod"
    expect 0 cluster start
    shows Ready 1/1
    pod=$(pod)
    local began=$SECONDS
    expect 0 cluster delete
    ((SECONDS - began <= 5))
    ended "$pod"
    [[ ! -e $KATABIRA_HOME ]]
    same "" "$(leftovers)"
  }

  Pods_OfRoot_FromCreateToDelete_LeaveNothing() {
    expect 0 cluster create
    contains "$err" "hint: kubectl get nodes"
    same ok "$(answers)"
    expect 1 cluster create --without-pods
    contains "$err" "is one with pods, and stays one"
    expect 0 cluster delete
    [[ ! -e $KATABIRA_HOME && ! -e $KUBECONFIG ]]
    same "" "$(leftovers)"
  }

  Pods_OfANormalUser_SudoIsAskedOnceAndTheirFilesStayTheirs() {
    as_person
    fake_sudo
    expect 0 cluster create
    same "" "$out"
    contains "$err" "katabira: sudo is needed to start the cluster: pods need network namespaces and mounts"
    same 1 "$(wc -l <"$sandbox/sudo-calls")"
    same ok "$(answers)"
    local pid
    pid=$(status pid)
    same 0 "$(stat -c %u "/proc/$pid")"
    lacks "$(tr '\0' '\n' <"/proc/$pid/environ")" SUDO_
    # What the cluster keeps for itself is root's, and for nobody else; everything else is the person's.
    local data=$KATABIRA_HOME/cluster/data
    same "$data" "$(find "$sandbox/user" -path "$data/*" -prune -o ! -user 65534 -print)"
    same "700 0" "$(stat -c '%a %u' "$data")"
    same katabira "$(context)"
    expect 0 cluster logs --tail 1
    contains "$out" "Cluster/5002 ready"
    expect 0 cluster stop
    contains "$err" "katabira: sudo is needed to end the cluster and its pods"
    same stopped "$(status state)"
    ended "$pid"
    expect 0 cluster stop
    lacks "$err" sudo
    expect 0 cluster start
    same ok "$(answers)"
    expect 0 cluster delete
    [[ ! -e $KATABIRA_HOME && ! -e $KUBECONFIG ]]
    same "" "$(leftovers)"
    same 4 "$(wc -l <"$sandbox/sudo-calls")"
  }

  Pods_SudoRefuses_SaysWhatElseAndLeavesNothing() {
    as_person
    fake_sudo
    command_in "$sandbox/bin" sudo <<<'echo "nobody is not in the sudoers file." >&2; exit 1'
    expect 1 cluster create
    contains "$err" "nobody is not in the sudoers file."
    contains "$err" "katabira: sudo did not do it, and pods need root"
    contains "$err" "hint: katabira cluster create --without-pods serves the API alone"
    [[ ! -e $KATABIRA_HOME && ! -e $KUBECONFIG ]]
  }

  Create_AnEarlierClusterLeftPods_AreRemovedAndThatIsSaid() {
    mkfifo "$sandbox/never"
    echo "read -r _ <'$sandbox/never'" >"$sandbox/supervise"
    (exec -a katabira-pod bash supervise "$KATABIRA_HOME/cluster/data/pods/a" "$sandbox/socket") &
    local pid=$!
    local name
    name="ktb-$(printf %s "$KATABIRA_HOME/cluster/data" | sha256sum | cut -c 1-8)-a"
    ip netns add "$name"
    until leftovers | grep -q cmdline; do :; done
    expect 0 cluster create
    contains "$err" "removing what an earlier cluster left behind: 1 pod, and its namespaces"
    ended "$pid"
    [[ ! -e /run/netns/$name ]]
    expect 0 cluster delete
    same "" "$(leftovers)"
  }

  Create_PortIsTaken_NamesTheHolderAndTakesTheNext() {
    expect 0 cluster create
    local pid port
    pid=$(status pid) port=$(status address)
    export KATABIRA_HOME=$sandbox/second
    expect 0 cluster create
    [[ $(status address) != "$port" ]]
    # Another cluster of this machine may have the first port already: then that one is named.
    [[ $port != *:6443 ]] || contains "$err" "port 6443 of 127.0.0.1 is taken by process $pid (katabira), so the API gets "
    expect 0 cluster delete
    KATABIRA_HOME=$sandbox/home
    expect 0 cluster delete
  }

  Cluster_UnderSudoWithoutTheDoor_IsRefused() {
    expect 1 env SUDO_UID=65534 "$program" cluster create
    contains "$err" "would belong to root"
    [[ ! -e $KATABIRA_HOME ]]
  }
fi

run_tests
