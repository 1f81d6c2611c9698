#!/usr/bin/env bats
# The systemd units, as systemd-analyze sees them. Skipped where it is not installed.

setup() {
    command -v systemd-analyze >/dev/null || skip "systemd-analyze is not there"
    service=$BATS_TEST_DIRNAME/../service
    root=$(mktemp -d)
}

teardown() { rm -rf "${root:-/nonexistent}"; }

exposure() { systemd-analyze security --offline=true "$1" | sed -n 's/.*exposure level.*: \([0-9.]*\) .*/\1/p'; }

# Both units, with a command that exists: the package is not installed here.
units() {
    sed 's|/usr/share/sluice/bin/sluice|/bin/true|' "$service/sluice.service" >"$root/sluice.service"
    "$service/template-unit" <"$root/sluice.service" >"$root/sluice@.service"
    cp "$root/sluice@.service" "$root/sluice@liberator-a.service"
}

@test "both units are valid" {
    units
    for unit in sluice.service sluice@liberator-a.service; do
        run systemd-analyze verify --man=no "$root/$unit"
        [ "$status" -eq 0 ]
        [[ $output != *"$unit"* ]] || { echo "$output"; false; }
    done
}

@test "what an intruder could do is 1.6 at most" {
    units
    for unit in sluice.service sluice@liberator-a.service; do
        measured=$(exposure "$root/$unit")
        echo "$unit $measured"
        [ -n "$measured" ]
        [ "$(printf '%s\n1.6\n' "$measured" | sort -g | tail -n 1)" = 1.6 ]
    done
}

@test "an instance has its own file, its own logs' names and its own folders" {
    units
    grep -qx 'ExecStart=/bin/true run -c /etc/sluice/%i.yaml --control /run/sluice-%i/control' "$root/sluice@.service"
    grep -qx 'ExecReload=/bin/true check /etc/sluice/%i.yaml' "$root/sluice@.service"
    grep -qx 'ConditionPathExists=/etc/sluice/%i.yaml' "$root/sluice@.service"
    grep -qx 'Environment=SLUICE_INSTANCE=%i' "$root/sluice@.service"
    grep -qx 'RuntimeDirectory=sluice-%i' "$root/sluice@.service"
    ! grep -q sluice.yaml "$root/sluice@.service"
}
