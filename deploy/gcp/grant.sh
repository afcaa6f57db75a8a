#!/usr/bin/env bash
# Lets a server made by create.sh read Google's own view; docs/google.md says why.
#   PROJECT=… [SCOPING_PROJECT=…] [NAME=uptime] [LOGS=yes] ./grant.sh
# SCOPING_PROJECT is where the alerting policies are, if not in PROJECT. LOGS=yes: also why deliveries failed.
set -euo pipefail
: "${PROJECT:?the id of the server\'s Google Cloud project}"
SCOPING_PROJECT=${SCOPING_PROJECT:-$PROJECT}
account="${NAME:-uptime}-server@$PROJECT.iam.gserviceaccount.com"
services=(monitoring.googleapis.com)
roles=(roles/monitoring.viewer)
if [[ ${LOGS:-} == yes ]]; then
	services+=(logging.googleapis.com)
	roles+=(roles/logging.viewer)
fi

# A call counts for the caller's project, so the API has to be enabled there.
gcloud services enable "${services[@]}" --project="$PROJECT"
for role in "${roles[@]}"; do
	gcloud projects add-iam-policy-binding "$SCOPING_PROJECT" \
		--member="serviceAccount:$account" --role="$role" --condition=None
done
