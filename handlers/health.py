"""GET /healthz: is the program doing its job?"""

from digest.job import DigestJob
from handlers.base import BaseHandler
from state.store import Store


class HealthHandler(BaseHandler):
    def initialize(self, *, store: Store, job: DigestJob) -> None:
        self.store = store
        self.job = job

    def get(self) -> None:
        """200 while deliveries are saved and digests are taken, else 503 and why."""
        problems = [*self.job.problems(), *self.job.failures()]
        self.set_status(503 if problems else 200)
        self.set_header("Cache-Control", "no-store")
        self.reply(status="failing" if problems else "ok", problems=problems)

    head = get
