#!/bin/sh
# Removes what was installed, except the configuration, the state and the user: sudo make uninstall.
set -eu

DESTDIR="${DESTDIR:-}"
NAME=uptime-check-manager

if [ -z "$DESTDIR" ] && [ -d /run/systemd/system ]; then
    systemctl disable --now --quiet "$NAME.service" "$NAME.socket" || true
fi
rm -rf "$DESTDIR/opt/$NAME"
rm -f "$DESTDIR/etc/systemd/system/$NAME.service" "$DESTDIR/etc/systemd/system/$NAME.socket"
if [ -z "$DESTDIR" ] && [ -d /run/systemd/system ]; then
    systemctl daemon-reload
fi
printf '%s\n' "kept: $DESTDIR/etc/$NAME and $DESTDIR/var/lib/$NAME"
