#!/usr/bin/env bats
# The examples for the host, read by the programs they are for. Each is skipped where its program is not installed.

setup() {
    examples=$BATS_TEST_DIRNAME/../examples
    root=$(mktemp -d)
}

teardown() { rm -rf "$root"; }

there() { # program, also one that stands where only root looks
    PATH=$PATH:/usr/sbin:/sbin command -v "$1" || skip "$1 is not there"
}

@test "nftables takes the firewall, and again on top of itself" {
    nft=$(there nft)
    unshare -rn "$nft" -c -f "$examples/nftables/sluice.nft"
    unshare -rn sh -c "$nft -f $examples/nftables/sluice.nft && $nft -f $examples/nftables/sluice.nft && $nft list table inet sluice" >"$root/table"
    grep -q 'policy drop' "$root/table"
}

@test "nftables finds an error in the firewall, so that the test above says something" {
    nft=$(there nft)
    sed 's/notrack/notrakc/' "$examples/nftables/sluice.nft" >"$root/wrong.nft"
    ! unshare -rn "$nft" -c -f "$root/wrong.nft"
}

@test "the firewall lets clients, Liberators and the administrator's ssh through, and nothing else" {
    nft=$(there nft)
    sed -e 's/^define clients_tcp .*/define clients_tcp = { 8443 }/' "$examples/nftables/sluice.nft" >"$root/sluice.nft"
    cat >"$root/run" <<'END'
set -eu
ip link set lo up
ip link add client type veth peer name host netns "$1"
ip addr add 198.51.100.200/24 dev client
ip link set client up
nsenter --net="/proc/$1/ns/net" sh -c 'ip link set lo up; ip addr add 198.51.100.20/24 dev host; ip link set host up; '"$2 -f $3"
try() { python3 -c '
import socket, sys
try:
    socket.create_connection(("198.51.100.20", int(sys.argv[1])), 1).close()
    print("open")
except ConnectionRefusedError:
    print("refused")
except OSError:
    print("dropped")' "$1"; }
for port in 8443 14001 22 7199 9464; do echo "$port $(try "$port")"; done
END
    unshare -rn sh -c 'unshare -n sleep 300 & sleeper=$!
        until [ "$(readlink /proc/$sleeper/ns/net)" != "$(readlink /proc/$$/ns/net)" ]; do :; done
        sh "$1" "$sleeper" "$2" "$3"; code=$?; kill "$sleeper"; exit $code' sh "$root/run" "$nft" "$root/sluice.nft" >"$root/tried"
    cat "$root/tried"
    # Nobody listens: what passes is refused by the kernel. 198.51.100.200 is no administrator.
    [ "$(tr '\n' ' ' <"$root/tried")" = "8443 refused 14001 refused 22 dropped 7199 dropped 9464 dropped " ]
}

@test "keepalived takes its configuration" {
    keepalived=$(there keepalived)
    # It looks whether scripts and interface are there.
    sed "s|/etc/keepalived/|$examples/keepalived/|" "$examples/keepalived/keepalived.conf" >"$root/keepalived.conf"
    run unshare -rn sh -c 'ip link add eth0 type veth peer name eth1 && ip link set eth0 up && "$1" -t -f "$2"' sh "$keepalived" "$root/keepalived.conf"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "chronyd takes its configuration" {
    chronyd=$(there chronyd)
    run "$chronyd" -p -f "$examples/chrony/sluice.conf"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "sshd takes its configuration, for the group alone" {
    sshd=$(there sshd)
    ssh-keygen -q -t ed25519 -N '' -f "$root/host"
    # Included first, as Debian does it: what follows is for everybody again.
    printf '%s\n' "HostKey $root/host" "Include $root/*.conf" "MaxAuthTries 3" >"$root/sshd_config"
    cp "$examples/ssh/sluice.conf" "$root/"
    [ "$(id -u)" -ne 0 ] || install -d -m 0755 /run/sshd
    "$sshd" -t -f "$root/sshd_config"
    "$sshd" -T -f "$root/sshd_config" -C user=nobody,host=h,addr=192.0.2.1 >"$root/in-force"
    grep -qx 'permitopen any' "$root/in-force"
    grep -qx 'maxauthtries 3' "$root/in-force"
    sed -i 's/^Match Group .*/Match User nobody/' "$root/sluice.conf"
    "$sshd" -T -f "$root/sshd_config" -C user=nobody,host=h,addr=192.0.2.1 >"$root/in-force"
    grep -qx 'permitopen 127.0.0.1:7199' "$root/in-force"
    grep -qx 'forcecommand /bin/false' "$root/in-force"
}
