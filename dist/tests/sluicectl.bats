#!/usr/bin/env bats
# The launcher of the console: its Java, its archive of classes, what it says of terminals.

setup() {
    root=$(mktemp -d)
    home=$root/home
    mkdir -p "$home/bin" "$home/console" "$root/places" "$root/java/bin" "$root/java/lib/server"
    touch "$root/java/lib/server/classes.jsa"
    cp "$BATS_TEST_DIRNAME/../../scripts/sluicectl" "$BATS_TEST_DIRNAME/../../scripts/jvm-flags" "$home/bin/"
    touch "$home/console/sluicectl.jar"
    unset JAVA_HOME JAVA_OPTS SLUICECTL_JAVA_OPTS
    export SLUICE_JAVA_PLACES="$root/places/*" XDG_CACHE_HOME="$root/cache"
    printf '%s\n' '#!/bin/sh' 'for each; do echo "$each"; done' >"$root/java/bin/java"
    chmod +x "$root/java/bin/java"
    java_is 25
}

teardown() { rm -rf "$root"; }

java_is() { echo "JAVA_VERSION=\"$1.0.1\"" >"$root/java/release"; }

sluicectl() { JAVA_HOME=$root/java run "$home/bin/sluicectl" "$@"; }

has_line() { printf '%s\n' "$output" | grep -qxF -- "$1"; }

@test "without any Java it says where it looked and ends with 5" {
    mkdir "$root/path"
    for tool in sh sed dirname readlink find head id mkdir ls cat cksum rm; do ln -s "$(command -v $tool)" "$root/path/$tool"; done
    PATH=$root/path run "$home/bin/sluicectl" status
    [ "$status" -eq 5 ]
    [[ $output == "sluicectl: no Java 17 or newer found"* ]]
}

@test "arguments arrive as they were given, and nothing is a terminal here" {
    sluicectl streams 'idle>5m' '*'
    has_line "idle>5m"
    has_line "*"
    has_line "-Dsluicectl.terminal="
    has_line "$home/console/sluicectl.jar"
}

@test "the newest Java of the usual places is taken, and JAVA_HOME before it" {
    for each in 17 25 21; do
        mkdir -p "$root/places/$each/bin"
        printf '%s\n' '#!/bin/sh' "echo java $each" >"$root/places/$each/bin/java"
        chmod +x "$root/places/$each/bin/java"
        echo "JAVA_VERSION=\"$each.0.1\"" >"$root/places/$each/release"
    done
    run "$home/bin/sluicectl" status
    has_line "java 25"
    JAVA_HOME=$root/places/17 run "$home/bin/sluicectl" status
    has_line "java 17"
}

@test "through a link, and from its own folder, it finds its home" {
    ln -s "$home/bin/sluicectl" "$root/linked"
    JAVA_HOME=$root/java run "$root/linked" status
    has_line "$home/console/sluicectl.jar"
    cd "$home/bin"
    for call in ./sluicectl 'sh sluicectl' ../bin/sluicectl; do
        JAVA_HOME=$root/java run $call status
        has_line "$home/console/sluicectl.jar"
    done
}

@test "JAVA_OPTS and SLUICECTL_JAVA_OPTS come after ours, so that they win, and no file name replaces an asterisk" {
    cd "$root" && touch -- -Xlog:gcx
    JAVA_OPTS="-Xmx1g -Xlog:gc*" SLUICECTL_JAVA_OPTS=-Xmx2g sluicectl status
    [ "$(printf '%s\n' "$output" | grep -- '^-Xmx' | tr '\n' ' ')" = "-Xmx256m -Xmx1g -Xmx2g " ]
    has_line "-Xlog:gc*"
}

@test "the archive is made once, in a folder of this user alone, and then used" {
    sluicectl status
    archive=$(printf '%s\n' "$output" | sed -n 's/^-XX:ArchiveClassesAtExit=//p')
    [[ $archive == "$root/cache/sluice/sluicectl-"*.jsa ]]
    [ "$(stat -c %a "$root/cache/sluice")" = 700 ]
    touch "$archive"
    sluicectl status
    has_line "-XX:SharedArchiveFile=$archive"
}

@test "another Java or another jar makes an archive of its own in its place" {
    for change in 'java_is 17' "echo new >$home/console/sluicectl.jar"; do
        sluicectl status
        touch "$(printf '%s\n' "$output" | sed -n 's/^-XX:ArchiveClassesAtExit=//p')"
        eval "$change"
        sluicectl status
        [[ $output == *-XX:ArchiveClassesAtExit=* ]]
        [ -z "$(ls "$root/cache/sluice")" ]
    done
}

@test "a Java without an archive of its own is not asked for one" {
    rm "$root/java/lib/server/classes.jsa"
    sluicectl status
    [ "$status" -eq 0 ]
    [[ $output != *Archive* ]]
}

@test "help leaves no archive that knows only help" {
    sluicectl --help
    [[ $output != *Archive* ]]
}

@test "a folder that others can write to is not trusted" {
    mkdir -p "$root/cache/sluice"
    chmod 777 "$root/cache/sluice"
    sluicectl status
    [[ $output != *Archive* ]]
}

@test "a home that cannot be written to costs the archive, not the command" {
    export XDG_CACHE_HOME=/proc/nowhere
    sluicectl status
    [ "$status" -eq 0 ]
    [[ $output != *Archive* ]]
}
