#!/usr/bin/env bats
# The init script against real starts and stops of the real appliance, in a folder of its own. Needs a built checkout.

setup_file() {
    repo=$BATS_TEST_DIRNAME/../..
    "$repo/scripts/sluice" --version >/dev/null # builds it when it is not built
}

setup() {
    repo=$BATS_TEST_DIRNAME/../..
    root=$(mktemp -d)
    mkdir -p "$root/home/bin" "$root/etc" "$root/log" "$root/run"
    chmod 755 "$root"
    cp "$repo/scripts/sluice" "$repo/scripts/jvm-flags" "$root/home/bin/"
    cp -r "$repo/appliance/target/lib" "$root/home/lib"
    cp "$repo/appliance/target/sluice-appliance.jar" "$root/home/lib/"
    cp "$repo/dist/service/sluice.init" "$root/sluice"
    cat >"$root/defaults" <<END
SLUICE_HOME=$root/home
SLUICE_CONFIG_DIR=$root/etc
SLUICE_LOG_DIR=$root/log
SLUICE_RUN_DIR=$root/run
SLUICE_USER=$(id -un)
SLUICE_STOP_SECONDS=20
END
    export SLUICE_DEFAULTS=$root/defaults SLUICE_WITHOUT_SYSTEMD=1
    port=$(free_port)
    config sluice "$port"
}

teardown() {
    for file in "$root"/run/*.pid; do
        [ ! -s "$file" ] || kill -KILL "$(cat "$file")" 2>/dev/null || true
    done
    rm -rf "$root"
}

free_port() { PYTHONPATH=$repo/trials python3 -Bc 'from sluicetrial.appliance import free_port; print(free_port())'; }

# $1: name of the file, $2: port
config() {
    cat >"$root/etc/$1.yaml" <<END
listeners: [ { name: plain, bind: "127.0.0.1:$2" } ]
liberators: [ { name: a, address: "127.0.0.1:1", health: off } ]
routes: [ { host: a.example.com, liberator: a } ]
management: { jmx: off, drainTime: 1s }
log: { file: $root/log/$1.log }
END
}

sluice() {
    run "$root/sluice" "$@" 3>&-
    echo "$output"
}

pid() { cat "$root/run/${1:-sluice}.pid"; }

# Ended, though its parent may not have asked for its exit code yet.
ended() { ! grep -q '^State:.[^ZX]' "/proc/$1/status" 2>/dev/null; }

answers() { [ "$(curl -s -o /dev/null -w '%{http_code}' -H 'Host: b.example.com' "http://127.0.0.1:$1/")" = 404 ]; }

# Waits for a condition, at most a minute.
eventually() {
    for _ in $(seq 600); do
        ! "$@" || return 0
        sleep 0.1
    done
    echo "never true: $*"
    tail -n 20 "$root"/log/*.log
    return 1
}

@test "start serves before it returns; status, stop, and each of them twice" {
    sluice status
    [ "$status" -eq 3 ]
    sluice start
    [ "$status" -eq 0 ]
    answers "$port"
    first=$(pid)
    sluice status
    [ "$status" -eq 0 ]
    [[ $output == *"running, pid $first" ]]
    sluice start
    [ "$status" -eq 0 ]
    [ "$(pid)" = "$first" ]
    sluice stop
    [ "$status" -eq 0 ]
    ended "$first"
    sluice status
    [ "$status" -eq 3 ]
    sluice stop
    [ "$status" -eq 0 ]
}

@test "what runs is the service's, and leaves its logs where it should" {
    sluice start
    [ -s "$root/log/gc.log" ]
    grep -q appliance.start "$root/log/sluice.log"
    [ "$(stat -c %a "$root/log/sluice-console.log")" = 640 ]
    [ "$(readlink "/proc/$(pid)/cwd")" = / ]
}

@test "handover: another process takes the place, a new version that does not start leaves the old one" {
    sluice handover
    [ "$status" -eq 7 ]
    sluice start
    first=$(pid)
    sluice handover
    [ "$status" -eq 0 ]
    second=$(pid)
    [ "$second" != "$first" ]
    answers "$port"
    eventually ended "$first"
    sluice status
    [[ $output == *"running, pid $second" ]]
    echo "surprise: 1" >>"$root/etc/sluice.yaml"
    sluice handover
    [ "$status" -eq 1 ]
    [[ $output == *surprise* ]]
    [ "$(pid)" = "$second" ]
    answers "$port"
    sluice stop
    ended "$second"
}

@test "a process that died is 1 in status, and start starts again" {
    sluice start
    kill -KILL "$(pid)"
    eventually ended "$(pid)"
    sluice status
    [ "$status" -eq 1 ]
    sluice start
    [ "$status" -eq 0 ]
    answers "$port"
}

@test "a pid file that names a stranger is not believed, and the stranger is not harmed" {
    sleep 60 3>&- &
    stranger=$!
    echo "$stranger" >"$root/run/sluice.pid"
    sluice status
    [ "$status" -eq 1 ]
    sluice stop
    [ "$status" -eq 0 ]
    kill -0 "$stranger"
    echo "$stranger" >"$root/run/sluice.pid"
    sluice reload
    [ "$status" -eq 7 ]
    kill "$stranger"
}

@test "reload takes a new configuration without a new process" {
    sluice start
    before=$(pid)
    other=$(free_port)
    config sluice "$other"
    sluice reload
    [ "$status" -eq 0 ]
    eventually answers "$other"
    [ "$(pid)" = "$before" ]
    config sluice "$port"
    sluice force-reload
    [ "$status" -eq 0 ]
    eventually answers "$port"
}

@test "reload is heard though whoever started it ignores HUP" {
    (trap '' HUP && "$root/sluice" start 3>&-)
    other=$(free_port)
    config sluice "$other"
    sluice reload
    eventually answers "$other"
}

@test "reload and restart with a bad file say what is wrong and touch nothing" {
    sluice start
    before=$(pid)
    echo 'surprise: 1' >>"$root/etc/sluice.yaml"
    for action in reload force-reload restart try-restart; do
        sluice $action
        [ "$status" -eq 6 ]
        [[ $output == *"sluice.yaml:6:1:"*surprise* ]]
        [ "$(pid)" = "$before" ]
        answers "$port"
    done
}

@test "restart is a new process; it also starts what was stopped" {
    sluice restart
    [ "$status" -eq 0 ]
    first=$(pid)
    sluice restart
    [ "$status" -eq 0 ]
    [ "$(pid)" != "$first" ]
    ended "$first"
    answers "$port"
}

@test "try-restart restarts what runs and only that" {
    sluice try-restart
    [ "$status" -eq 0 ]
    [ ! -e "$root/run/sluice.pid" ]
    sluice start
    first=$(pid)
    sluice try-restart
    [ "$status" -eq 0 ]
    [ "$(pid)" != "$first" ]
}

@test "reload of what does not run is 7" {
    sluice reload
    [ "$status" -eq 7 ]
    sluice force-reload
    [ "$status" -eq 7 ]
}

@test "bad arguments are 2, an unknown action is 3" {
    sluice
    [ "$status" -eq 2 ]
    sluice start now
    [ "$status" -eq 2 ]
    sluice dance
    [ "$status" -eq 3 ]
}

@test "not installed is 5, not configured and badly configured are 6" {
    mv "$root/etc/sluice.yaml" "$root/etc/aside"
    sluice start
    [ "$status" -eq 6 ]
    echo 'listeners: []' >"$root/etc/sluice.yaml"
    sluice start
    [ "$status" -eq 6 ]
    [[ $output == *"sluice.yaml:1:"* ]]
    [ ! -e "$root/run/sluice.pid" ]
    rm "$root/home/bin/sluice"
    sluice start
    [ "$status" -eq 5 ]
}

@test "an address that is taken is 1, with the reason" {
    python3 -c "import socket, time; s = socket.create_server(('127.0.0.1', $port)); time.sleep(60)" 3>&- &
    taker=$!
    eventually bash -c "exec 4<>/dev/tcp/127.0.0.1/$port"
    sluice start
    kill "$taker"
    [ "$status" -eq 1 ]
    [[ $output == *"$port"* ]]
    [ ! -e "$root/run/sluice.pid" ]
}

@test "who may not do it is told so with 4" {
    [ "$(id -u)" -eq 0 ] || skip "needs root to become somebody else"
    sed -i 's/^SLUICE_USER=.*/SLUICE_USER=daemon/' "$root/defaults"
    for action in start stop reload restart; do
        run setpriv --reuid nobody --clear-groups "$root/sluice" $action
        [ "$status" -eq 4 ]
    done
    run setpriv --reuid nobody --clear-groups "$root/sluice" status
    [ "$status" -eq 3 ]
}

@test "root starts it as the service's user, who may listen below port 1024 and nothing else" {
    [ "$(id -u)" -eq 0 ] || skip "needs root to become somebody else"
    sed -i 's/^SLUICE_USER=.*/SLUICE_USER=daemon/' "$root/defaults"
    chown daemon "$root/log"
    low=$(python3 -c '
import socket
for port in range(1023, 600, -1):
    try:
        with socket.socket() as s:
            s.bind(("127.0.0.1", port))
        print(port)
        break
    except OSError:
        pass')
    config sluice "$low"
    sluice start
    [ "$status" -eq 0 ]
    answers "$low"
    [ "$(stat -c %U "/proc/$(pid)")" = daemon ]
    grep -q '^CapEff:.0000000000000400$' "/proc/$(pid)/status"
    grep -q '^CapBnd:.0000000000000400$' "/proc/$(pid)/status"
    grep -q '^NoNewPrivs:.1$' "/proc/$(pid)/status"
    [ "$(stat -c %U "$root/log/sluice-console.log")" = daemon ]
    [ "$(stat -c %U "$root/run/sluice.pid")" = root ]
}

@test "a link named for an instance runs it beside the other, with its own file" {
    other=$(free_port)
    config liberator-b "$other"
    ln -s sluice "$root/sluice-liberator-b"
    sluice start
    [ "$status" -eq 0 ]
    run "$root/sluice-liberator-b" start 3>&-
    [ "$status" -eq 0 ]
    answers "$port"
    answers "$other"
    [ -s "$root/log/gc-liberator-b.log" ]
    sluice stop
    [ "$status" -eq 0 ]
    run "$root/sluice-liberator-b" status
    [ "$status" -eq 0 ]
    answers "$other"
}

@test "an open stream has the drain time to end before stop returns" {
    upstream=$(free_port)
    python3 -c "
import socket, time
s = socket.create_server(('127.0.0.1', $upstream))
c, _ = s.accept()
c.recv(65536)
c.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabc\n\r\n')
time.sleep(60)" 3>&- &
    liberator=$!
    sed -i "s/127.0.0.1:1\"/127.0.0.1:$upstream\"/" "$root/etc/sluice.yaml"
    eventually bash -c "grep -q ' 0100007F:$(printf %04X "$upstream") .* 0A ' /proc/net/tcp"
    sluice start
    curl -s -N -H 'Host: a.example.com' "http://127.0.0.1:$port/rttp" >"$root/stream" 3>&- &
    client=$!
    eventually grep -q abc "$root/stream"
    sluice stop
    [ "$status" -eq 0 ]
    kill "$liberator"
    grep -q 'appliance.stop streams=1 drain_ms=1000' "$root/log/sluice.log"
    grep -q 'appliance.end' "$root/log/sluice.log"
    eventually ended "$client"
}

# Collects what comes to a notification socket, as systemd would.
@test "systemd is told when it serves, that it is alive, and when it stops" {
    command -v systemd-notify >/dev/null || skip "systemd-notify is not there"
    python3 -c "
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind('$root/notify')
while True:
    print(s.recv(4096).decode(), flush=True)" >"$root/told" 3>&- &
    listener=$!
    eventually test -S "$root/notify"
    NOTIFY_SOCKET=$root/notify WATCHDOG_USEC=600000 "$root/home/bin/sluice" run -c "$root/etc/sluice.yaml" 3>&- &
    echo $! >"$root/run/sluice.pid"
    eventually grep -q '^READY=1' "$root/told"
    answers "$port"
    eventually bash -c "[ \$(grep -c '^WATCHDOG=1' '$root/told') -ge 3 ]"
    kill -TERM "$(pid)"
    wait "$(pid)"
    kill "$listener"
    grep -q '^STOPPING=1' "$root/told"
}
