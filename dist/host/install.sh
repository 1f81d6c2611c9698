#!/bin/sh
# Installs Sluice on a host that takes no .deb. Running it again changes nothing, a newer version's replaces the older.
#
#   ./install.sh [--prefix DIR] [--destdir DIR] [--dry-run]
#
#   --prefix DIR    where the program goes (/opt/sluice)
#   --destdir DIR   puts all of it under DIR, for making a package or an image; makes no user
#   --dry-run       says what it would do and does nothing
#
# Configuration in /etc/sluice and /etc/default/sluice is never overwritten. What was installed is listed in
# PREFIX/installed, for uninstall.sh. Nothing is started.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prefix=/opt/sluice
destdir=
dry=

usage() { sed -n '2,/^set/s/^# \{0,1\}//p' "$here/install.sh" | sed '$d'; }

while [ $# -gt 0 ]; do
    case $1 in
        --prefix=* | --destdir=*)
            option=${1%%=*}
            value=${1#*=}
            shift
            set -- "$option" "$value" "$@"
            ;;
        --prefix | --destdir)
            [ $# -ge 2 ] || { echo "install.sh: $1 needs a folder" >&2; exit 2; }
            case $2 in
                /*) ;;
                *) echo "install.sh: $1 needs an absolute path, not '$2'" >&2; exit 2 ;;
            esac
            [ "$1" = --prefix ] && prefix=${2%/} || destdir=${2%/}
            shift 2
            ;;
        --dry-run) dry=yes; shift ;;
        -h | --help) usage; exit 0 ;;
        *) echo "install.sh: unknown option '$1'" >&2; usage >&2; exit 2 ;;
    esac
done
case $prefix in
    '' | / | /usr | /etc | /opt | /var) echo "install.sh: --prefix needs a folder of its own, as in /opt/sluice" >&2; exit 2 ;;
    *[!A-Za-z0-9/._-]*) echo "install.sh: --prefix may hold letters, digits and / . _ - only" >&2; exit 2 ;;
esac
if [ -z "$dry" ] && [ -z "$destdir" ] && [ "$(id -u)" -ne 0 ]; then
    echo "install.sh: only root may install; try --dry-run or --destdir" >&2
    exit 4
fi

list=$destdir$prefix/installed
new_list=

changed=
does() { # what is done, then the command
    changed=yes
    echo "$1"
    shift
    [ -n "$dry" ] || "$@"
}

installs() { # file to /path on the host
    new_list="$new_list$2
"
    [ -n "$dry" ] || mkdir -p "$destdir$(dirname "$2")"
}

put() { # from, to, mode
    installs "$1" "$2"
    if [ -f "$destdir$2" ] && cmp -s "$1" "$destdir$2"; then
        return 0
    fi
    # Renamed into place: a process that has the old file open goes on reading the old file.
    does "install $2" replaced "$1" "$destdir$2" "$3"
}

replaced() {
    install -m "$3" "$1" "$2.new"
    mv -f "$2.new" "$2"
}

put_tree() { # from, to
    # shellcheck disable=SC2044 # our own names, without spaces
    for each in $(cd "$1" && find . -type f | sort); do
        mode=644
        [ ! -x "$1/$each" ] || mode=755
        put "$1/$each" "$2/${each#./}" "$mode"
    done
}

put_text() { # to, mode; the text on standard input, with this installation's folders
    text=$(mktemp)
    sed "s|/usr/share/sluice|$prefix|g; s|/usr/share/doc/sluice|$prefix/doc|g" >"$text"
    put "$text" "$1" "$2"
    rm -f "$text"
}

put_once() { # from, to, mode: the administrator's from then on
    if [ -e "$destdir$2" ]; then
        echo "keep $2"
    else
        [ -n "$dry" ] || mkdir -p "$destdir$(dirname "$2")"
        does "install $2" install -m "$3" "$1" "$destdir$2"
    fi
}

prepared() { "$prefix/bin/sluice" prepare >/dev/null 2>&1; }

# Programs and documents; what an older version had and this one has not goes at the end.
for each in bin lib runtime agent console doc; do
    [ ! -d "$here/$each" ] || put_tree "$here/$each" "$prefix/$each"
done
for each in VERSION LICENSE sluice-sbom.json uninstall.sh; do
    mode=644
    [ ! -x "$here/$each" ] || mode=755
    put "$here/$each" "$prefix/$each" "$mode"
done
put_tree "$here/man" /usr/local/share/man/man1
for each in sluice sluicectl; do
    put "$here/completion/$each" "/usr/local/share/bash-completion/completions/$each" 644
done
put "$here/completion/zsh/_sluice" /usr/local/share/zsh/site-functions/_sluice 644

# The service.
put_once "$here/service/sluice.default" /etc/default/sluice 644
put_text /etc/init.d/sluice 755 <"$here/service/sluice.init"
put_text /etc/systemd/system/sluice.service 644 <"$here/service/sluice.service"
put_text "/etc/systemd/system/sluice@.service" 644 <"$here/service/sluice@.service"
put "$here/service/sluice.logrotate" /etc/logrotate.d/sluice 644
put "$here/service/sluice.sysctl" /etc/sysctl.d/60-sluice.conf 644

for each in sluice sluicectl; do
    if [ "$(readlink "$destdir/usr/local/bin/$each" 2>/dev/null)" != "$prefix/bin/$each" ]; then
        [ -n "$dry" ] || mkdir -p "$destdir/usr/local/bin"
        does "link /usr/local/bin/$each" ln -sfn "$prefix/bin/$each" "$destdir/usr/local/bin/$each"
    fi
    new_list="$new_list/usr/local/bin/$each
"
done

# User and folders.
owner=root
group=root
if [ -z "$destdir" ]; then
    if ! getent passwd sluice >/dev/null; then
        does "make user sluice" useradd --system --user-group --home-dir /nonexistent --no-create-home \
            --shell "$(command -v nologin || echo /bin/false)" --comment Sluice sluice
    fi
    owner=sluice
    group=sluice
fi
[ -d "$destdir/etc/sluice" ] || does "make /etc/sluice" install -d -m 0750 -g "$group" "$destdir/etc/sluice"
[ -d "$destdir/var/log/sluice" ] ||
    does "make /var/log/sluice" install -d -m 0750 -o "$owner" -g "$group" "$destdir/var/log/sluice"

if [ -f "$list" ]; then
    while IFS= read -r old; do
        if ! printf '%s' "$new_list" | grep -qxF -- "$old"; then
            does "remove $old" rm -f "$destdir$old"
        fi
    done <"$list"
fi
if [ -z "$destdir" ] && [ -n "$changed" ]; then
    # It starts without it too, half as fast.
    does "make the archive that Sluice starts from" prepared || echo "no archive: \"sluice prepare\" says why"
fi
if [ -z "$dry" ]; then
    printf '%s' "$new_list" >"$list"
    if [ -z "$destdir" ] && [ -d /run/systemd/system ]; then
        systemctl daemon-reload
    fi
fi
echo "done: Sluice $(cat "$here/VERSION") in $prefix; \"sluice init\" writes a configuration"
