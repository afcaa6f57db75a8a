#!/usr/bin/env bash
# Runs as root at every start of the machine, and by hand for an upgrade:
#   sudo google_metadata_script_runner startup
set -euo pipefail
disk=${DISK:-/dev/disk/by-id/google-state}
state=/var/lib/uptime-check-manager

metadata() {
	curl --fail --silent --show-error --retry 5 --header 'Metadata-Flavor: Google' \
		"http://metadata.google.internal/computeMetadata/v1/instance/attributes/$1"
}

# Formats the disk only if nothing was ever written to it: a mistake here would cost the state.
format_once() {
	if cmp --silent --bytes=1048576 "$disk" /dev/zero; then
		mkfs.ext4 -q -m 0 "$disk"
	fi
}

mount_state() {
	until [[ -b $disk ]]; do sleep 1; done # in a failover it arrives after the machine
	format_once
	mkdir --parents "$state"
	mountpoint --quiet "$state" || mount -o noatime "$disk" "$state"
}

# Keeps the service from ever starting on the machine's own disk, even before this script has run.
write_units() {
	local units=/etc/systemd/system/uptime-check-manager
	mkdir --parents $units.service.d $units.socket.d
	printf '[Unit]\nAssertPathIsMountPoint=%s\n' "$state" >$units.service.d/disk.conf
	printf '[Socket]\nListenStream=\nListenStream=8080\n' >$units.socket.d/address.conf
}

write_config() {
	local folder=/etc/uptime-check-manager secret
	secret=$(metadata config-secret)
	mkdir --parents $folder
	(umask 027 && gcloud secrets versions access latest --secret="$secret" >$folder/config.yaml.new)
	if [[ -e $folder/config.yaml ]]; then chown --reference=$folder/config.yaml $folder/config.yaml.new; fi
	mv $folder/config.yaml.new $folder/config.yaml
}

# Also starts the service.
install_release() {
	local folder
	folder=$(mktemp --directory)
	apt-get update -q && apt-get install -q -y make python3-venv
	gcloud storage cp "$(metadata release)" "$folder/release.tar.gz"
	tar --extract --gzip --strip-components=1 --directory="$folder" --file="$folder/release.tar.gz"
	make --directory="$folder" install
	rm --recursive "$folder"
}

main() {
	mount_state
	write_units
	write_config
	install_release
}

[[ ${BASH_SOURCE[0]} != "$0" ]] || main
