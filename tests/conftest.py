"""Settings for all tests: the same examples every time, no example judged by its speed, no proxy."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "project", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("project")

for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
    del os.environ[name]
