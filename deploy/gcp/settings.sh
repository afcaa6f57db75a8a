# Sourced by create.sh and failover.sh. Settings without a default must be in the environment.
# shellcheck shell=bash disable=SC2034

: "${PROJECT:?the id of the Google Cloud project}"
: "${REGION:?where it runs, such as europe-west4}"
: "${ZONE:?where it starts, such as europe-west4-a}"
: "${OTHER_ZONE:?where it can go when that one fails, such as europe-west4-b}"
NAME=${NAME:-uptime} # one for each team: everything is named after it
export CLOUDSDK_CORE_PROJECT=$PROJECT CLOUDSDK_CORE_DISABLE_PROMPTS=1

disk="projects/$PROJECT/regions/$REGION/disks/$NAME-state"

# Creates an empty group in one zone and adds it to the load balancer.
make_group() {
	local zone=$1
	gcloud compute instance-groups managed create "$NAME-$zone" --zone="$zone" --size=0 \
		--template="$NAME" --health-check="$NAME-livez" --initial-delay=300
	gcloud compute instance-groups managed set-named-ports "$NAME-$zone" --zone="$zone" --named-ports=http:8080
	gcloud compute backend-services add-backend "$NAME" --global \
		--instance-group="$NAME-$zone" --instance-group-zone="$zone"
}
