"""The host and the kind of an incident, whatever Google names."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from google.queries import MAX_QUERY
from google.webhook import parse
from hosts.identity import in_full, name_of
from hosts.incident import Incident, Kind, NamedBy
from tests.builders import NOON, read_incident
from tests.support import takes_time_in_proportion


class TestHost:
    """The first that is there wins; each step is tried with all before it missing."""

    @pytest.mark.parametrize(
        ("fields", "host", "named_by"),
        [
            ({"resource": {"labels": {"host": " WWW.Example.com "}}}, "www.example.com", NamedBy.HOST),
            ({"resource": {"type": "uptime_url"}, "metric": {"labels": {"checked_resource_id": "a.test"}}}, "a.test", NamedBy.HOST),
            ({"resource": {"type": "cloud_run_revision", "labels": {"service_name": "cart"}}}, "cart", NamedBy.RESOURCE),
            ({"resource": {"type": "gae_app", "labels": {"module_id": "default", "project_id": "shop"}}}, "default shop", NamedBy.RESOURCE),
            ({"resource_display_name": "vm-1"}, "vm-1", NamedBy.RESOURCE),
            ({"metric": {"labels": {"instance_name": "vm-2"}}}, "vm-2", NamedBy.RESOURCE),
            ({"resource_name": "p Uptime Check URL labels {project_id=p, host=b.test}"}, "b.test", NamedBy.HOST),
            ({"condition": {"conditionThreshold": {"filter": 'resource.label."host"="c.test"'}}}, "c.test", NamedBy.HOST),
            ({"condition": {"conditionMonitoringQueryLanguage": {"query": "| filter resource.host == 'd.test'"}}}, "d.test", NamedBy.HOST),
            ({"resource_name": "webserver-85"}, "webserver-85", NamedBy.RESOURCE),
            ({"resource_name": "shop my vm", "resource_type_display_name": "VM Instance"}, "my vm", NamedBy.RESOURCE),
            ({"resource_name": "shop VM", "resource_type_display_name": "VM", "resource": {"labels": {"instance_id": "123"}}}, "123", NamedBy.RESOURCE),
            ({"metric": {"labels": {"check_id": "www-3F"}}}, "www-3F", NamedBy.CHECK),
            ({"condition": {"conditionThreshold": {"filter": 'metric.label."check_id"="www-x"'}}}, "www-x", NamedBy.CHECK),
            ({"condition_name": "Failure of uptime check_id www-3F"}, "www-3F", NamedBy.CHECK),
            ({"policy_name": "Www Policy"}, "Www Policy", NamedBy.POLICY),
            ({"policy_name": "db:5432"}, "db:5432", NamedBy.POLICY),
            ({}, "unknown", NamedBy.POLICY),
            ({"resource": {"labels": {"host": "\u0000"}}}, "unknown", NamedBy.HOST),
        ],
    )  # fmt: skip
    def test_where_its_name_is_found(self, fields: dict[str, Any], host: str, named_by: NamedBy) -> None:
        found = read(**fields)
        assert (name_of(found.host), found.named_by) == (host, named_by)


def read(**fields: Any) -> Incident:
    body = {"incident": {"state": "open", "incident_id": "x", **fields}}
    found = parse(json.dumps(body).encode(), NOON)
    assert isinstance(found, Incident)
    return found


def identity(**fields: Any) -> str:
    """The name with every label, or a host's name alone."""
    return in_full(read(**fields).host)


def resource(kind: str, **labels: str) -> dict[str, Any]:
    return {"resource": {"type": kind, "labels": labels}}


class TestSpelling:
    """Everything that Google sends goes through the same normalization."""

    @pytest.mark.parametrize("written", ["xn--mnchen-3ya.example", "\u200eMÜNCHEN.example."])
    def test_a_host_is_known_by_one_spelling(self, written: str) -> None:
        assert read_incident(host=written).host == "münchen.example"
        assert identity(policy_name=written) == "münchen.example"

    def test_a_policy_that_is_named_after_a_host_is_of_that_host(self) -> None:
        named = {"policy_name": "https://Shop.example.com/cart", "scoping_project_id": "p"}
        assert identity(**named) == "shop.example.com"

    @pytest.mark.parametrize(
        ("fields", "known_as"),
        [
            ({"policy_name": "disk * full", "scoping_project_id": "p"}, "disk ∗ full (p)"),
            ({"policy_name": "*.Shop.test", "scoping_project_id": "p"}, "∗.shop.test"),
            ({"policy_name": "CPU", "scoping_project_id": "p*"}, "CPU (p∗)"),
            ({"metric": {"labels": {"host": "*"}}}, "∗"),
        ],
    )
    def test_a_star_in_a_name_is_spelt_as_no_wildcard(self, fields: dict[str, Any], known_as: str) -> None:
        assert identity(**fields) == known_as


class TestIdentity:
    """Two things of one name are two; one thing reported in two ways is one."""

    @pytest.mark.parametrize(
        ("fields", "known_as"),
        [
            (resource("cloud_run_revision", service_name="api", project_id="prod", location="eu", revision_name="7"), "api (prod/eu)"),
            (resource("k8s_service", service_name="api", project_id="p", location="eu", cluster_name="c", namespace_name="n"), "api (p/eu/c/n)"),
            (resource("aws_elb_load_balancer", name="lb", project_id="p", aws_account="1", region="us-1"), "lb (p/1/us-1)"),
            (resource("gae_app", module_id="default", project_id="p", zone="us1", version_id="3"), "default p (p)"),
            (resource("gce_instance", project_id="p", instance_id="5") | {"resource_display_name": "vm"}, "vm (p/5)"),
            (resource("gce_instance", zone="us-1") | {"resource_name": "p vm"}, "vm (p/us-1)"),
            (resource("k8s_service", service_name="api") | {"scoping_project_id": "p"}, "api (p)"),
            ({"metric": {"labels": {"check_id": "dep-3F"}}, **resource("uptime_url", project_id="p")}, "dep-3F (p)"),
            ({"policy_name": "CPU", "scoping_project_id": "p", **resource("x", project_id="q", zone="z")}, "CPU (p)"),
            ({"policy_name": "CPU", "url": "https://c.test/0.a?channelType=webhook&project=p"}, "CPU (p)"),
            ({"policy_name": "CPU", "condition": {"name": "projects/p/alertPolicies/1/conditions/2"}}, "CPU (p)"),
            ({"policy_name": "CPU"}, "CPU"),
        ],
    )  # fmt: skip
    def test_labels_that_distinguish_it(self, fields: dict[str, Any], known_as: str) -> None:
        assert identity(**fields) == known_as

    def test_a_host_that_checks_of_two_projects_watch_is_one(self) -> None:
        found = {identity(**resource("uptime_url", host="www.example.com", project_id=p)) for p in ("a", "b")}
        assert found == {"www.example.com"}

    @pytest.mark.parametrize(
        "named",
        [
            lambda p: resource("gce_instance", project_id=p) | {"resource_display_name": "web-1.internal.local"},
            lambda p: resource("cloud_run_revision", project_id=p, service_name="api.internal"),
            lambda p: {"resource_name": "10.0.0.7", "scoping_project_id": p},
        ],
    )  # fmt: skip
    def test_a_thing_named_like_a_host_is_still_not_a_host(
        self, named: Callable[[str], dict[str, Any]]
    ) -> None:
        assert len({identity(**named(project)) for project in ("p", "q")}) == 2

    def test_labels_cannot_forge_one_another(self) -> None:
        one = resource("k8s_service", service_name="api", project_id="p\nlocation=eu")
        other = resource("k8s_service", service_name="api", project_id="p", location="eu")
        assert identity(**one) != identity(**other)


METRIC = "monitoring.googleapis.com/uptime_check/"


def promql(query: str, **labels: str) -> dict[str, Any]:
    """What an alert of a PromQL policy has: no metric type, and labels as the query leaves them."""
    return {
        "policy_name": "All sites",
        "resource": {"type": "", "labels": {}},
        "metric": {"type": "", "displayName": "", "labels": labels},
        "condition": {"conditionPrometheusQueryLanguage": {"query": query, "duration": "60s"}},
    }


PASSED, EXPIRES, LATENCY = (
    f"monitoring_googleapis_com:uptime_check_{name}"
    for name in ("check_passed", "time_until_ssl_cert_expires", "request_latency")
)
MQL_CHECK = f"fetch uptime_url | metric '{METRIC}check_passed' | filter resource.host == 'a.test' | condition val() > 1 '1'"
MQL_OTHERS = MQL_CHECK.replace("==", "!=")
SQL_CHECK = f"SELECT * FROM m WHERE type = '{METRIC}check_passed' AND JSON_VALUE(resource.labels, '$.host') = 'a.test'"


class TestQueries:
    @pytest.mark.parametrize(
        ("fields", "host", "named_by", "kind"),
        [
            (promql(f"sum by (host) ({PASSED}) == 0", host="a.test"), "a.test", NamedBy.HOST, Kind.DOWNTIME),
            (promql(f'{PASSED}{{host="a.test"}} == 0', check_id="a-3F"), "a.test", NamedBy.HOST, Kind.DOWNTIME),
            (promql(f'{PASSED}{{host=~"a\\\\.test"}} == 0'), "a.test", NamedBy.HOST, Kind.DOWNTIME),
            (promql(f'{{"{METRIC}check_passed", host="a.test"}} == 0'), "a.test", NamedBy.HOST, Kind.DOWNTIME),
            (promql(f"{PASSED} == 0", checked_resource_id="a.test"), "a.test", NamedBy.HOST, Kind.DOWNTIME),
            (promql(f"{PASSED} == 0", check_id="a-3F"), "a-3F", NamedBy.CHECK, Kind.DOWNTIME),
            (promql(f'{PASSED}{{check_id="a-3F"}} == 0'), "a-3F", NamedBy.CHECK, Kind.DOWNTIME),
            (promql(f'{PASSED}{{host!="b.test"}} == 0', check_id="a-3F"), "a-3F", NamedBy.CHECK, Kind.DOWNTIME),
            (promql(f'{PASSED}{{host=~"a.*"}} == 0', check_id="a-3F"), "a-3F", NamedBy.CHECK, Kind.DOWNTIME),
            (promql(f'{PASSED}{{host="a.test"}} or {PASSED}{{host="b.test"}}'), "All sites", NamedBy.POLICY, Kind.DOWNTIME),
            (promql(f'{{"{METRIC}time_until_ssl_cert_expires"}} < 14', host="a.test"), "a.test", NamedBy.HOST, Kind.CERTIFICATE),
            (promql(f"{EXPIRES} < 14", host="a.test") | resource("uptime_url", host=""), "a.test", NamedBy.HOST, Kind.CERTIFICATE),
            (promql("monitoring_googleapis_com:uptime_check_request_latency > 5", host="a.test"), "a.test", NamedBy.HOST, Kind.SIGNAL),
            (promql(f'{PASSED}{{monitored_resource="cloud_run_revision"}} == 0', service_name="api", project_id="p"), "api", NamedBy.RESOURCE, Kind.DOWNTIME),
            ({"condition": {"conditionMonitoringQueryLanguage": {"query": MQL_CHECK}}}, "a.test", NamedBy.HOST, Kind.DOWNTIME),
            ({"condition": {"conditionMonitoringQueryLanguage": {"query": MQL_OTHERS}}, "policy_name": "x"}, "x", NamedBy.POLICY, Kind.DOWNTIME),
            ({"condition": {"conditionSql": {"query": SQL_CHECK}}}, "a.test", NamedBy.HOST, Kind.DOWNTIME),
            ({"condition": {"conditionSql": {"query": "SELECT 1 FROM m WHERE host = 'a.test'"}}}, "a.test", NamedBy.HOST, Kind.OTHER),
            ({"condition": {"conditionMatchedLog": {"filter": 'jsonPayload.host="a.test"'}}, "policy_name": "x"}, "x", NamedBy.POLICY, Kind.OTHER),
            ({"condition": {"conditionThreshold": {"filter": 'NOT resource.labels.host="a.test"'}}, "policy_name": "x"}, "x", NamedBy.POLICY, Kind.OTHER),
        ],
    )  # fmt: skip
    def test_hosts_and_kinds(self, fields: dict[str, Any], host: str, named_by: NamedBy, kind: Kind) -> None:
        found = read(**fields)
        assert (name_of(found.host), found.named_by, found.kind) == (host, named_by, kind)

    @pytest.mark.parametrize(
        "commented",
        [
            lambda query: f'# host="no.test"\n{query}',
            lambda query: f'# it isn\'t host="no.test"\r\n{query}\n#{EXPIRES}',
            lambda query: f'{query} # "',
        ],
    )
    @pytest.mark.parametrize("host", ["n.test", "n#3.test"])
    def test_comments_are_ignored(self, commented: Callable[[str], str], host: str) -> None:
        query = f'{PASSED}{{host="{host}", a=\'#\', b=`#`, c="\\"#"}} == 0'
        found = read(**promql(commented(query)))
        assert (found.host, found.kind) == (host, Kind.DOWNTIME)

    def test_comments_of_sql_and_of_log_filters_are_ignored_too(self) -> None:
        for comment in ("-- host = 'no.test'\n", "# host = 'no.test'\n", "/* host = 'no.test'\n */"):
            assert read(condition={"conditionSql": {"query": comment + SQL_CHECK}}).host == "a.test"
        log = 'resource.labels.host="a.test" -- not host="no.test"'
        assert read(condition={"conditionMatchedLog": {"filter": log}}).host == "a.test"

    def test_minus_minus_is_no_comment_in_promql(self) -> None:
        assert read(**promql(f'1 --{PASSED}{{host="n.test"}}')).host == "n.test"

    @pytest.mark.parametrize("quote", ['"\\"', "'\\'", "/*", "`", "#", "--"])
    def test_a_query_takes_time_in_proportion_to_its_length(self, quote: str) -> None:
        takes_time_in_proportion(
            lambda length: read(condition={"conditionSql": {"query": quote * length}}), MAX_QUERY // 2
        )

    @pytest.mark.parametrize(("length", "host"), [(MAX_QUERY // 2, "a.test"), (MAX_QUERY, "x")])
    def test_only_as_much_of_a_query_is_read_as_does_not_block_the_loop(self, length: int, host: str) -> None:
        condition = {"conditionSql": {"query": "#\n" * (length // 2) + "host = 'a.test'"}}
        assert name_of(read(condition=condition, policy_name="x").host) == host

    @pytest.mark.parametrize(
        ("some", "kind"),
        [
            ((f"{LATENCY} > 5", f"{PASSED} == 0"), Kind.DOWNTIME),
            ((f"{LATENCY} > 5", f"{EXPIRES} < 7"), Kind.CERTIFICATE),
        ],
    )
    def test_of_several_metrics_the_order_does_not_matter(self, some: tuple[str, str], kind: Kind) -> None:
        assert {read(**promql(" or ".join(each))).kind for each in (some, some[::-1])} == {kind}

    @pytest.mark.parametrize(
        ("where", "kind"),
        [
            ('resource.type="uptime_url"', Kind.DOWNTIME),
            ("log_name LIKE '%uptime_checks%'", Kind.DOWNTIME),
            ('logName="projects/p/logs/monitoring.googleapis.com%2Fuptime_checks"', Kind.DOWNTIME),
            ('log_id("monitoring.googleapis.com/uptime_checks")', Kind.DOWNTIME),
            ("resource.type != 'uptime_url'", Kind.OTHER),
            ("message LIKE '%uptime_checks%'", Kind.OTHER),
        ],
    )
    def test_a_query_of_logs_names_no_metric(self, where: str, kind: Kind) -> None:
        assert read(condition={"conditionSql": {"query": f"SELECT * FROM l WHERE {where}"}}).kind is kind
        assert read(condition={"conditionMatchedLog": {"filter": where}}).kind is kind

    def test_labels_that_a_query_keeps_distinguish_too(self) -> None:
        asked = f'{PASSED}{{monitored_resource="cloud_run_revision"}} == 0'
        labels = {"service_name": "api", "project_id": "prod", "location": "eu"}
        assert identity(**promql(asked, **labels)) == "api (prod/eu)"


class TestKind:
    @pytest.mark.parametrize(
        ("fields", "kind"),
        [
            ({"metric": {"type": METRIC + "time_until_ssl_cert_expires"}}, Kind.CERTIFICATE),
            ({"metric": {"type": METRIC + "request_latency"}}, Kind.SIGNAL),
            ({"metric": {"type": "compute.googleapis.com/cpu"}, "resource": {"type": "uptime_url"}}, Kind.OTHER),
            ({"condition": {"conditionThreshold": {"filter": f'metric.type="{METRIC}check_passed"'}}}, Kind.DOWNTIME),
            ({"resource": {"type": "uptime_url"}}, Kind.DOWNTIME),
            ({"summary": "The uptime check for x has returned to a normal state."}, Kind.DOWNTIME),
            ({}, Kind.OTHER),
        ],
    )  # fmt: skip
    def test_kinds(self, fields: dict[str, Any], kind: Kind) -> None:
        assert read(**fields).kind is kind
