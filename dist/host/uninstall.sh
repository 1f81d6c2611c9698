#!/bin/sh
# Removes what install.sh has installed, after stopping the service. Configuration, keys and the user stay; logs too.
#
#   PREFIX/uninstall.sh [--destdir DIR] [--dry-run]
set -eu
prefix=$(cd "$(dirname "$0")" && pwd)
destdir=
dry=
while [ $# -gt 0 ]; do
    case $1 in
        --destdir) destdir=${2:?--destdir needs a folder}; shift 2 ;;
        --destdir=*) destdir=${1#*=}; shift ;;
        --dry-run) dry=yes; shift ;;
        -h | --help) sed -n '2,4s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) echo "uninstall.sh: unknown option '$1'" >&2; exit 2 ;;
    esac
done
destdir=${destdir%/}
prefix=${prefix#"$destdir"}
list=$destdir$prefix/installed
[ -f "$list" ] || { echo "uninstall.sh: $list is not there: nothing was installed here" >&2; exit 5; }
if [ -z "$dry" ] && [ -z "$destdir" ] && [ "$(id -u)" -ne 0 ]; then
    echo "uninstall.sh: only root may do this" >&2
    exit 4
fi

if [ -z "$destdir" ] && [ -z "$dry" ]; then
    if [ -d /run/systemd/system ]; then
        systemctl disable --now sluice.service 'sluice@*.service' 2>/dev/null || true
    else
        for each in /etc/init.d/sluice /etc/init.d/sluice-*; do
            [ ! -x "$each" ] || "$each" stop
        done
    fi
fi

while IFS= read -r each; do
    echo "remove $each"
    [ -n "$dry" ] || rm -f "$destdir$each"
done <"$list"
if [ -z "$dry" ]; then
    rm -f "$list"
    [ -n "$destdir" ] || rm -rf /var/cache/sluice
    # Folders that are empty now; a file of somebody else's keeps its folder.
    find "$destdir$prefix" -depth -type d -exec rmdir {} + 2>/dev/null || true
    if [ -z "$destdir" ] && [ -d /run/systemd/system ]; then
        systemctl daemon-reload
    fi
fi
echo "kept: /etc/sluice, /etc/default/sluice, /var/log/sluice, user sluice"
