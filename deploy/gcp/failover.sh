#!/usr/bin/env bash
# When the server's zone is lost: continues in the other zone with the same disk.
#   PROJECT=… REGION=… ZONE=… OTHER_ZONE=… [NAME=uptime] ./failover.sh
# ZONE is the lost one. To go back later, run it with the two swapped.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=settings.sh
. "$(dirname "$0")/settings.sh"
group="$NAME-$OTHER_ZONE" machine="$NAME-$OTHER_ZONE-1"

make_group "$OTHER_ZONE"
gcloud compute instance-groups managed create-instance "$group" --zone="$OTHER_ZONE" --instance="$machine"
until [[ $(gcloud compute instances describe "$machine" --zone="$OTHER_ZONE" --format='value(status)') == RUNNING ]]; do
	sleep 5
done

# Fencing: from here on the machine in the lost zone cannot write, whether it still runs or not.
gcloud compute instances attach-disk "$machine" --zone="$OTHER_ZONE" --device-name=state \
	--disk="$NAME-state" --disk-scope=regional --force-attach
gcloud compute instance-groups managed instance-configs update "$group" --zone="$OTHER_ZONE" \
	--instance="$machine" --stateful-disk="device-name=state,source=$disk,mode=rw,auto-delete=never"

echo "As soon as $ZONE is back, remove what is left there:"
echo "  gcloud compute backend-services remove-backend $NAME --global --instance-group=$NAME-$ZONE --instance-group-zone=$ZONE"
echo "  gcloud compute instance-groups managed delete $NAME-$ZONE --zone=$ZONE"
