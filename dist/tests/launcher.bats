#!/usr/bin/env bats
# The launcher: which Java it takes, which flags it gives, what it says when something is missing.

setup() {
    root=$(mktemp -d)
    home=$root/home
    mkdir -p "$home/bin" "$home/lib" "$root/places"
    cp "$BATS_TEST_DIRNAME/../../scripts/sluice" "$BATS_TEST_DIRNAME/../../scripts/jvm-flags" "$home/bin/"
    touch "$home/lib/sluice-appliance.jar"
    unset JAVA_HOME JAVA_OPTS SLUICE_JAVA_OPTS SLUICE_AGENT SLUICE_LOG_DIR SLUICE_INSTANCE
    export SLUICE_JAVA_PLACES="$root/places/*"
    # A PATH with the launcher's tools and no Java.
    mkdir "$root/path"
    for tool in sh sed dirname readlink find head; do
        ln -s "$(command -v $tool)" "$root/path/$tool"
    done
}

teardown() { rm -rf "$root"; }

# A Java that says which one it is and prints its arguments, one a line. $1: where, $2: version, $3: no-release
java_at() {
    mkdir -p "$1/bin"
    printf '%s\n' '#!/bin/sh' "[ \"\$1\" != -version ] || { echo 'openjdk version \"$2.0.1\"' >&2; exit; }" \
        "echo 'java $2'" 'for each; do echo "$each"; done' >"$1/bin/java"
    chmod +x "$1/bin/java"
    [ "${3:-}" = no-release ] || echo "JAVA_VERSION=\"$2.0.1\"" >"$1/release"
}

sluice() { PATH=$root/path run "$home/bin/sluice" "$@"; }

has_line() { printf '%s\n' "$output" | grep -qxF -- "$1"; }

@test "without any Java it says where it looked and ends with 5" {
    sluice run -c x
    [ "$status" -eq 5 ]
    [[ $output == *"no Java 17 or newer found"*"$home/runtime"* ]]
}

@test "a Java that is too old is named and not used" {
    java_at "$root/places/old" 11
    sluice run -c x
    [ "$status" -eq 5 ]
    [[ $output == *"the newest is 11 in $root/places/old"* ]]
}

@test "the newest of the usual places wins" {
    java_at "$root/places/a" 17
    java_at "$root/places/b" 25
    java_at "$root/places/c" 21
    sluice --version
    has_line "java 25"
}

@test "a newer bundled runtime wins, an older one does not" {
    java_at "$root/places/a" 21
    java_at "$home/runtime" 25
    sluice --version
    has_line "java 25"
    java_at "$root/places/b" 26
    sluice --version
    has_line "java 26"
}

@test "the Java on the PATH counts, through its links" {
    java_at "$root/elsewhere" 21
    java_at "$root/places/a" 17
    ln -s "$root/elsewhere/bin/java" "$root/path/java"
    sluice --version
    has_line "java 21"
}

@test "JAVA_HOME wins over a newer one" {
    java_at "$root/mine" 17
    java_at "$root/places/a" 25
    JAVA_HOME=$root/mine sluice --version
    has_line "java 17"
}

@test "a JAVA_HOME that is too old is named, and another is taken" {
    java_at "$root/mine" 8
    java_at "$root/places/a" 25
    JAVA_HOME=$root/mine sluice --version
    [ "$status" -eq 0 ]
    [[ $output == *"JAVA_HOME=$root/mine has no Java 17 or newer (found: 8)"* ]]
    has_line "java 25"
}

@test "a Java without a release file is asked for its version" {
    java_at "$root/mine" 21 no-release
    JAVA_HOME=$root/mine sluice --version
    has_line "java 21"
}

@test "compact object headers from Java 25 on, not before" {
    java_at "$root/mine" 17
    JAVA_HOME=$root/mine sluice --version
    [[ $output != *UseCompactObjectHeaders* ]]
    java_at "$root/mine" 25
    JAVA_HOME=$root/mine sluice --version
    has_line -XX:+UseCompactObjectHeaders
}

@test "JAVA_OPTS and SLUICE_JAVA_OPTS come after ours, so that they win, and no file name replaces an asterisk" {
    java_at "$root/mine" 25
    cd "$root" && touch -- -Xlog:gcx
    JAVA_OPTS="-Xmx1g -Xlog:gc*" SLUICE_JAVA_OPTS=-Xmx2g JAVA_HOME=$root/mine sluice --version
    [ "$(printf '%s\n' "$output" | grep -- '^-Xmx' | tr '\n' ' ')" = "-Xmx512m -Xmx1g -Xmx2g " ]
    has_line "-Xlog:gc*"
}

@test "run with a log folder leaves the collector's log and dumps there, also with a space in its name" {
    java_at "$root/mine" 25
    mkdir "$root/my logs"
    SLUICE_LOG_DIR="$root/my logs" SLUICE_INSTANCE=a JAVA_HOME=$root/mine sluice run -c x
    has_line "-XX:HeapDumpPath=$root/my logs"
    has_line "-Xlog:gc,safepoint:file=$root/my logs/gc-a.log:utctime,level,tags:filecount=5,filesize=10m"
}

@test "check writes nothing into the log folder" {
    java_at "$root/mine" 25
    SLUICE_LOG_DIR=$root JAVA_HOME=$root/mine sluice check x
    [[ $output != *HeapDump* ]]
}

@test "a log folder that is not there costs the logs, not the start" {
    java_at "$root/mine" 25
    SLUICE_LOG_DIR=$root/none JAVA_HOME=$root/mine sluice run -c x
    [ "$status" -eq 0 ]
    [[ $output == *"$root/none is no folder that can be written to"* ]]
    [[ $output != *HeapDump* ]]
}

@test "an archive of this Java is started from, one of another is not" {
    java_at "$root/mine" 25
    export SLUICE_CACHE_DIR=$root/cache JAVA_HOME=$root/mine
    mkdir "$root/cache"
    touch "$root/cache/java-17.jsa" "$root/cache/java-26.aot"
    sluice run -c x
    [[ $output != *"$root/cache"* ]]
    touch "$root/cache/java-25.aot"
    sluice run -c x
    has_line "-XX:AOTCache=$root/cache/java-25.aot"
    java_at "$root/mine" 17
    sluice run -c x
    has_line "-XX:SharedArchiveFile=$root/cache/java-17.jsa"
}

@test "prepare leaves nothing behind when no archive comes of it" {
    java_at "$root/mine" 25
    for tool in mkdir mktemp rm cat sleep chmod mv; do ln -s "$(command -v $tool)" "$root/path/$tool"; done
    SLUICE_CACHE_DIR=$root/cache JAVA_HOME=$root/mine sluice prepare
    [ "$status" -eq 1 ]
    [[ $output == *"no archive was made"* ]]
    [ -z "$(ls "$root/cache")" ]
}

@test "one line switches the agent on" {
    java_at "$root/mine" 25
    mkdir "$home/agent"
    touch "$home/agent/sluice-agent.jar"
    SLUICE_AGENT=level=metrics,slow=50ms JAVA_HOME=$root/mine sluice run -c x
    has_line "-javaagent:$home/agent/sluice-agent.jar=level=metrics,slow=50ms"
    SLUICE_AGENT=on JAVA_HOME=$root/mine sluice run -c x
    has_line "-javaagent:$home/agent/sluice-agent.jar"
    SLUICE_AGENT=off JAVA_HOME=$root/mine sluice run -c x
    [[ $output != *javaagent* ]]
}

@test "an agent that is not installed is said, and Sluice starts without it" {
    java_at "$root/mine" 25
    SLUICE_AGENT=on JAVA_HOME=$root/mine sluice run -c x
    [ "$status" -eq 0 ]
    [[ $output == *"there is no $home/agent/sluice-agent.jar"* ]]
    [[ $output != *-javaagent* ]]
}

@test "the container's flags are the launcher's for the Java in it" {
    file=$BATS_TEST_DIRNAME/../container/Containerfile
    version=$(sed -n 's/^FROM .*eclipse-temurin:\([0-9]*\)-jdk AS runtime$/\1/p' "$file")
    . "$BATS_TEST_DIRNAME/../../scripts/jvm-flags"
    [ "$(sed -n '/^ENTRYPOINT/,/-cp/p' "$file" | grep -o '"-[-XD][^"]*"' | tr -d '"' | sort)" = "$(jvm_flags "$version" "" "" | sort)" ]
}

@test "arguments arrive as they were given" {
    java_at "$root/mine" 25
    JAVA_HOME=$root/mine sluice run -c "a file.yaml" '$x'
    has_line "a file.yaml"
    has_line '$x'
}

@test "through a link it finds its home" {
    java_at "$root/mine" 25
    ln -s "$home/bin/sluice" "$root/linked"
    PATH=$root/path JAVA_HOME=$root/mine run "$root/linked" --version
    has_line "$home/lib/*"
}

@test "with nothing to run it says so and ends with 5" {
    java_at "$root/mine" 25
    rm "$home/lib/sluice-appliance.jar"
    JAVA_HOME=$root/mine sluice --version
    [ "$status" -eq 5 ]
    [[ $output == *"nothing to run"* ]]
}
