#!/usr/bin/env bash
# Creates everything one server needs in a Google Cloud project. Run it again with another NAME for another team.
#   PROJECT=… REGION=… ZONE=… OTHER_ZONE=… [NAME=uptime] \
#   DOMAIN=uptime.example.com RELEASE=gs://BUCKET/uptime-check-manager.tar.gz ./create.sh config.yaml
set -euo pipefail
here=$(dirname "$0")
# shellcheck source-path=SCRIPTDIR source=settings.sh
. "$here/settings.sh"
: "${DOMAIN:?what Google and Slack call, such as uptime.example.com}"
: "${RELEASE:?the release: gs://BUCKET/FILE.tar.gz}"
config=${1:?the configuration: ./create.sh config.yaml}
account="$NAME-server@$PROJECT.iam.gserviceaccount.com"
bucket=${RELEASE#gs://}

# Its identity, which may read its own configuration and the release, and nothing else.
gcloud iam service-accounts create "$NAME-server"
gcloud secrets create "$NAME-config" --data-file="$config"
gcloud secrets add-iam-policy-binding "$NAME-config" \
	--member="serviceAccount:$account" --role=roles/secretmanager.secretAccessor
gcloud storage buckets add-iam-policy-binding "gs://${bucket%%/*}" \
	--member="serviceAccount:$account" --role=roles/storage.objectViewer

# Its state: a disk in two zones that one machine at a time can write, and a daily snapshot.
gcloud compute resource-policies create snapshot-schedule "$NAME-daily" --region="$REGION" \
	--daily-schedule --start-time=03:00 --max-retention-days=14
gcloud compute disks create "$NAME-state" --region="$REGION" --replica-zones="$ZONE,$OTHER_ZONE" \
	--type=pd-balanced --size=10GB --resource-policies="$NAME-daily"

# Its health check, and the firewall: only Google's front ends and probes reach its port.
gcloud compute health-checks create http "$NAME-livez" --global --port=8080 --request-path=/livez \
	--check-interval=10s --timeout=5s --healthy-threshold=1 --unhealthy-threshold=6
gcloud compute firewall-rules create "$NAME-from-google" --allow=tcp:8080 \
	--source-ranges=130.211.0.0/22,35.191.0.0/16 --target-tags="$NAME"

# The load balancer: HTTPS, and only these two paths. All others go to a service without a backend: 503.
gcloud compute addresses create "$NAME" --global
for service in "$NAME" "$NAME-nowhere"; do
	gcloud compute backend-services create "$service" --global --load-balancing-scheme=EXTERNAL_MANAGED \
		--protocol=HTTP --port-name=http --health-checks="$NAME-livez" --global-health-checks
done
gcloud compute url-maps create "$NAME" --global --default-service="$NAME-nowhere"
gcloud compute url-maps add-path-matcher "$NAME" --global --path-matcher-name=routes --new-hosts="$DOMAIN" \
	--default-service="$NAME-nowhere" --path-rules="/fromGCPMonitoring=$NAME,/fromSlack=$NAME"
gcloud compute ssl-certificates create "$NAME" --global --domains="$DOMAIN"
gcloud compute target-https-proxies create "$NAME" --global \
	--url-map="$NAME" --global-url-map --ssl-certificates="$NAME" --global-ssl-certificates
gcloud compute forwarding-rules create "$NAME" --global --load-balancing-scheme=EXTERNAL_MANAGED \
	--address="$NAME" --target-https-proxy="$NAME" --ports=443

# The server: one machine with a fixed name, whose disk stays when the machine is recreated.
gcloud compute instance-templates create "$NAME" --machine-type=e2-small \
	--image-family=debian-12 --image-project=debian-cloud --tags="$NAME" \
	--service-account="$account" --scopes=cloud-platform \
	--metadata="config-secret=$NAME-config,release=$RELEASE" \
	--metadata-from-file="startup-script=$here/startup.sh"
make_group "$ZONE"
gcloud compute instance-groups managed create-instance "$NAME-$ZONE" --zone="$ZONE" --instance="$NAME-$ZONE-1" \
	--stateful-disk="device-name=state,source=$disk,mode=rw,auto-delete=never"

address=$(gcloud compute addresses describe "$NAME" --global --format='value(address)')
echo "Point $DOMAIN at $address; the certificate is issued within an hour after that."
