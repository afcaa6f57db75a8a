#!/bin/sh
# Installs, or upgrades in place: sudo make install. With DESTDIR, only below that folder.
set -eu

cd "$(dirname "$0")/.."
DESTDIR="${DESTDIR:-}"
PYTHON="${PYTHON:-python3}"
NAME=uptime-check-manager
CODE="$DESTDIR/opt/$NAME"
SETTINGS="$DESTDIR/etc/$NAME"
STATE="$DESTDIR/var/lib/$NAME"
UNITS="$DESTDIR/etc/systemd/system"
PROGRAM="config digest google handlers hosts languages lifecycle page polling slack state http_client.py server.py turns.py version.py requirements.txt"

say() { printf '%s\n' "$*"; }
fail() { say "$*" >&2; exit 1; }

"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "Python 3.11 or newer is needed"
"$PYTHON" -c 'import ensurepip' 2>/dev/null || fail "Python's venv is missing; on Debian and Ubuntu: apt install python3-venv"
[ -n "$DESTDIR" ] || [ "$(id -u)" = 0 ] || fail "run it as root: sudo make install"

make_user() {
    getent passwd "$NAME" >/dev/null && return
    useradd --system --user-group --no-create-home --home-dir "/var/lib/$NAME" --shell /usr/sbin/nologin "$NAME"
}

# Next to the running code first: an interrupted upgrade leaves the old version intact.
copy_code() {
    rm -rf "$CODE.new"
    install -d -m 755 "$CODE.new"
    # shellcheck disable=SC2086 # a list of words
    cp -R $PROGRAM "$CODE.new/"
    find "$CODE.new" -name __pycache__ -prune -exec rm -rf {} +
    find "$CODE.new" -type d -exec chmod 755 {} + -o -type f -exec chmod 644 {} +
}

# Made in its final place, because a virtual environment contains its own path. Made anew if it does not work,
# as after an upgrade of the system's Python, when its link leads to one without packages.
make_environment() {
    "$CODE/.venv/bin/python" -c 'import pip' 2>/dev/null || "$PYTHON" -m venv --clear "$CODE/.venv"
    if [ -d wheels ]; then set -- --no-index --find-links wheels; else set --; fi
    "$CODE/.venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@" -r requirements.txt
}

put_code() {
    install -d -m 755 "$CODE"
    make_environment
    copy_code
    for each in $PROGRAM; do
        rm -rf "${CODE:?}/$each"
        mv "$CODE.new/$each" "$CODE/$each"
    done
    rmdir "$CODE.new"
    "$CODE/.venv/bin/python" -m compileall -q "$CODE" -x '/\.venv/' >/dev/null
}

put_settings() {
    install -d -m 750 "$SETTINGS"
    if [ -e "$SETTINGS/config.yaml" ]; then
        say "kept: $SETTINGS/config.yaml"
    else
        (umask 077 && sed "s|^state_file: .*|state_file: /var/lib/$NAME/state.json|" config.yaml >"$SETTINGS/config.yaml")
        chmod 640 "$SETTINGS/config.yaml"
    fi
    install -d -m 700 "$STATE"
    [ -n "$DESTDIR" ] && return
    chgrp "$NAME" "$SETTINGS" "$SETTINGS/config.yaml"
    chown "$NAME:$NAME" "$STATE"
}

put_units() {
    install -d -m 755 "$UNITS"
    install -m 644 "deploy/$NAME.service" "deploy/$NAME.socket" "$UNITS/"
}

start() {
    if [ -n "$DESTDIR" ] || [ ! -d /run/systemd/system ]; then
        say "systemd does not run here, so nothing was started"
        return
    fi
    systemctl daemon-reload
    systemctl enable --quiet "$NAME.socket" "$NAME.service"
    systemctl start "$NAME.socket"
    systemctl restart "$NAME.service"
    systemctl --no-pager --lines=0 status "$NAME.service"
}

[ -n "$DESTDIR" ] || make_user
put_code
put_settings
put_units
say "installed: $CODE"
start
