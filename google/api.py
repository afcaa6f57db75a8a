"""Reads Google's own view from Cloud Monitoring and Cloud Logging. Changes nothing there.

https://docs.cloud.google.com/monitoring/api/ref_v3/rest
"""

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from config import Google, Proxy
from google.alerts import AlertList, opened_before, parse_alert
from google.checks import parse_check
from google.credentials import Grant, Login
from google.fields import json_object
from google.pages import NOT_JSON, Page
from google.policies import parse_channel, parse_failed_delivery, parse_policy, parse_snooze
from google.refusals import Asked, GoogleError, refusal
from google.tokens import Tokens
from google.transport import NO_ANSWER, Answer, Transport, api_url
from hosts.checks import Check
from hosts.incident import Incident
from hosts.policies import FailedDelivery, NotificationChannel, Policy, Snooze
from hosts.times import stamp

log = logging.getLogger("google")

V = TypeVar("V")
PAGE_SIZE, SMALL_PAGE_SIZE = 200, 50  # few alerts are recent, except in a mass outage
MAX_PAGES, MAX_ITEMS = 500, 50_000  # of one list
LIST_TIMEOUT = 120.0  # seconds for all pages of a list
METADATA_TIMEOUT = 3.0  # seconds: outside Google Cloud, looking up its name may take half a minute
RETRY_PAUSE = 1.0  # seconds before the one quick retry
TRANSIENT = (408, 500, 502, 503, 504, NO_ANSWER)
UNFILTERED_SINCE = timedelta(days=7)  # without a filter: Google closes an alert by itself after this long
FIELDS = {
    "alerts": "name,state,openTime,closeTime,resource,metric,policy(name,displayName)",
    "uptimeCheckConfigs": "name,displayName,monitoredResource,resourceGroup(groupId),"
    "syntheticMonitor(cloudFunctionV2(name)),httpCheck(path,port,useSsl),tcpCheck(port),"
    "period,selectedRegions,disabled",
    "alertPolicies": "name,displayName,conditions,notificationChannels,enabled,validity,alertStrategy",
    "notificationChannels": "name,displayName,type,labels,enabled",
    "snoozes": "name,displayName,criteria,interval",
}


class GoogleApi:
    """Returns only values of the domain. Every method may raise GoogleError."""

    def __init__(self, google: Google, proxy: Proxy | None, now: Callable[[], datetime]) -> None:
        self._project = google.project
        self._now = now
        self._transport = Transport(proxy)
        self._local = Transport(None, METADATA_TIMEOUT)
        self._tokens = Tokens(Login(self._transport, self._local, now), google.credentials)
        self._takes_filter = True
        self._is_project_right = False  # something of it could be read

    def close(self) -> None:
        self._transport.close()
        self._local.close()

    async def open_alerts(self) -> AlertList:
        """Raises GoogleError if not even the first page came."""
        found: list[Incident] = []
        try:
            async with asyncio.timeout(LIST_TIMEOUT):
                await self._add_open_alerts(found)
        except TimeoutError:
            return AlertList(tuple(found), GoogleError("reading the list of alerts took too long"))
        except GoogleError as error:
            if not found:
                raise
            return AlertList(tuple(found), error)
        return AlertList(tuple(found))

    async def closed_alerts(self, since: datetime) -> tuple[Incident, ...]:
        """Those that opened after that moment and have closed. Google lists alerts by when they opened."""
        found: list[Incident] = []
        try:
            async with asyncio.timeout(LIST_TIMEOUT):
                async for fields in self._items("alerts", {}, first_page=SMALL_PAGE_SIZE):
                    if opened_before(fields, since):
                        break
                    alert = parse_alert(fields, self._project, self._now())
                    if alert and not alert.is_open:
                        found.append(alert)
        except TimeoutError:
            raise GoogleError("reading the list of alerts took too long") from None
        return tuple(found)

    async def alert(self, incident_id: str) -> Incident | None:
        """One alert as an incident; None if Google does not know it."""
        path = f"alerts/{quote(incident_id, safe='')}"
        try:
            answer = await self._ask("monitoring", path, {"fields": FIELDS["alerts"]})
        except GoogleError as error:
            if error.code == 404:
                return None
            raise
        fields = json_object(answer.body)
        found = parse_alert(fields, self._project, self._now()) if fields else None
        if found is None or found.id != incident_id:
            raise GoogleError(NOT_JSON)
        return found

    async def checks(self) -> tuple[Check, ...]:
        return await self._all("uptimeCheckConfigs", lambda each: parse_check(each, self._project))

    async def policies(self) -> tuple[Policy, ...]:
        return await self._all("alertPolicies", parse_policy)

    async def channels(self) -> tuple[NotificationChannel, ...]:
        return await self._all("notificationChannels", parse_channel)

    async def snoozes(self, since: datetime) -> tuple[Snooze, ...]:
        """The snoozes that end after that moment. Google keeps old ones for ever."""
        wanted = {"filter": f'interval.end_time > "{stamp(since)}"'}
        try:
            found = await self._all("snoozes", parse_snooze, wanted)
        except GoogleError as error:
            if error.code != 400:
                raise
            found = await self._all("snoozes", parse_snooze)
        return tuple(snooze for snooze in found if snooze.ends > since)

    async def failed_deliveries(self, channel_id: str, since: datetime) -> tuple[FailedDelivery, ...]:
        """The most recent ones, the latest first. Needs the role logging.viewer."""
        log_name = quote("monitoring.googleapis.com/notification_channel_events", safe="")
        wanted = {
            "resourceNames": [f"projects/{self._project}"],
            "filter": 'resource.type="stackdriver_notification_channel" '
            f'logName="projects/{self._project}/logs/{log_name}" severity=ERROR '
            f'resource.labels.channel_id="{channel_id}" timestamp>="{stamp(since)}"',
            "orderBy": "timestamp desc",
            "pageSize": 50,
        }
        token = ""
        for _ in range(5):  # an answer without entries may still have a next page
            body = json.dumps(wanted | ({"pageToken": token} if token else {})).encode()
            page = Page((await self._ask("logging", "entries:list", {}, body)).body, "entries")
            found = [each async for item in page.items() if (each := parse_failed_delivery(item))]
            if found or not page.next_token:
                return tuple(found)
            token = page.next_token
        return ()

    async def _add_open_alerts(self, found: list[Incident]) -> None:
        """Add alerts to `found`, which keeps what came before an error."""
        unknown = 0
        async for fields in self._open_alert_items():
            alert = parse_alert(fields, self._project, self._now())
            unknown += alert is None
            if alert and alert.is_open:
                found.append(alert)
        if unknown:
            raise GoogleError(
                f"Google lists alerts that cannot be understood ({unknown}); updating this server may help"
            )

    async def _open_alert_items(self) -> AsyncIterator[dict[str, Any]]:
        if self._takes_filter:
            is_taken = False
            try:
                async for fields in self._items("alerts", {"filter": 'state="OPEN"'}):
                    is_taken = True
                    yield fields
            except GoogleError as error:
                if error.code != 400 or is_taken:  # on a later page, it is the page token that Google refuses
                    raise
                self._takes_filter = False
                log.info("Google rejects the filter for open alerts; reading all alerts of the last week")
            else:
                return
        since = self._now() - UNFILTERED_SINCE
        async for fields in self._items("alerts", {}):
            if opened_before(fields, since):  # the newest come first
                return
            yield fields

    async def _all(
        self, kind: str, parse: Callable[[dict[str, Any]], V | None], wanted: Mapping[str, str] | None = None
    ) -> tuple[V, ...]:
        """The complete list. Raises GoogleError if part of it cannot be read."""
        try:
            async with asyncio.timeout(LIST_TIMEOUT):
                parsed = [parse(fields) async for fields in self._items(kind, wanted or {})]
        except TimeoutError:
            raise GoogleError("reading a list took too long") from None
        return tuple(each for each in parsed if each is not None)

    async def _items(
        self, kind: str, wanted: Mapping[str, str], first_page: int = PAGE_SIZE
    ) -> AsyncIterator[dict[str, Any]]:
        query = {"pageSize": str(first_page), "fields": f"{kind}({FIELDS[kind]}),nextPageToken", **wanted}
        tokens, count = {""}, 0
        while True:
            page = Page((await self._ask("monitoring", kind, query)).body, kind)
            async for item in page.items():
                count += 1
                yield item
            if not page.next_token:
                return
            if page.next_token in tokens or len(tokens) >= MAX_PAGES or count >= MAX_ITEMS:
                raise GoogleError(f"the list of {kind} never ends")
            tokens.add(page.next_token)
            query |= {"pageToken": page.next_token, "pageSize": str(PAGE_SIZE)}

    async def _ask(
        self, service: str, path: str, query: Mapping[str, str], body: bytes | None = None
    ) -> Answer:
        """One answer, after one quick retry if need be."""
        url = api_url(service)
        what = path.partition("/")[0]
        url += f"v2/{path}" if body else f"v3/projects/{self._project}/{path}?{urlencode(query)}"
        try:
            return await self._ask_once(service, what, url, body)
        except GoogleError as error:
            if error.code not in TRANSIENT or (error.retry_after or 0) > RETRY_PAUSE:
                raise
        await asyncio.sleep(RETRY_PAUSE * random.uniform(0.5, 1))  # noqa: S311 - not a secret
        return await self._ask_once(service, what, url, body)

    async def _ask_once(self, service: str, what: str, url: str, body: bytes | None) -> Answer:
        grant = await self._login()
        answer = await self._fetch(url, grant, body)
        if answer.code == 401:
            self._tokens.drop(grant)
            if (another := await self._login()).token != grant.token:
                grant = another
                answer = await self._fetch(url, grant, body)
        if answer.code != 200:
            asked = Asked(self._project, service, what, grant.member, self._is_project_right)
            raise refusal(answer.code, answer.headers, answer.body, asked, self._now())
        if not answer.headers.get("Content-Type", "").lower().startswith("application/json"):
            raise GoogleError(NOT_JSON, code=200)
        self._is_project_right = True
        return answer

    async def _login(self) -> Grant:
        """A refused login raises GoogleError without its code, which would be taken for the API's answer."""
        try:
            return await self._tokens.get()
        except GoogleError as error:
            if error.code in TRANSIENT:  # for the quick retry
                raise
            raise GoogleError(str(error), error.retry_after) from None

    async def _fetch(self, url: str, grant: Grant, body: bytes | None) -> Answer:
        json_type = {"Content-Type": "application/json"} if body else {}
        return await self._transport.fetch(url, {**grant.headers(), **json_type}, body)
