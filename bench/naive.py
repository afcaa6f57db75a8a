"""What a first version would be: Flask; each delivery reads, changes, writes and fsyncs the whole file.

It reads because gunicorn may run several workers, and each would have its own copy in memory.
"""

import json
import os
from pathlib import Path

from flask import Flask, Response, request

app = Flask(__name__)
path = Path(os.environ["NAIVE_STATE"])


@app.post("/fromGCPMonitoring")
def deliver() -> Response | tuple[str, int]:
    if request.authorization is None or request.authorization.password != "a long enough password":
        return "no", 401
    incident = request.get_json(force=True)["incident"]
    host = incident["resource"]["labels"]["host"]
    kept = ("incident_id", "state", "started_at", "ended_at", "policy_name", "condition_name", "url")
    state = json.loads(path.read_bytes())
    state["hosts"].setdefault(host, {})[incident["incident_id"]] = {name: incident[name] for name in kept}
    temporary = path.with_suffix(".tmp")
    with temporary.open("w") as file:
        json.dump(state, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    return Response("ok")
