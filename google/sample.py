"""The smallest delivery there is, to try things with."""

SAMPLE = (
    '{"incident":{"incident_id":"try-1","state":"open","policy_name":"www uptime failure",'
    '"resource":{"type":"uptime_url","labels":{"host":"www.example.com"}}}}'
)
