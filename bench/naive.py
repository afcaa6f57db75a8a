"""What a first version would be: Flask, and the whole state written and fsynced at every delivery."""

import json
import os
from pathlib import Path

from flask import Flask, Response, request

app = Flask(__name__)
path = Path(os.environ["NAIVE_STATE"])
state = json.loads(path.read_bytes())


@app.post("/fromGCPMonitoring")
def deliver() -> Response | tuple[str, int]:
    if request.authorization is None or request.authorization.password != "a long enough password":
        return "no", 401
    incident = request.get_json(force=True)["incident"]
    host = incident["resource"]["labels"]["host"]
    kept = ("incident_id", "state", "started_at", "ended_at", "policy_name", "condition_name", "url")
    state["hosts"].setdefault(host, {})[incident["incident_id"]] = {name: incident[name] for name in kept}
    temporary = path.with_suffix(".tmp")
    with temporary.open("w") as file:
        json.dump(state, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    return Response("ok")
