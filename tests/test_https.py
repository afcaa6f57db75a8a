"""HTTPS over real sockets: the limits hold, strangers cost nothing, renewals refuse nobody."""

import asyncio
import json
import socket
import ssl
import struct
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from handlers.http_server import HANDSHAKE_TIMEOUT, REQUEST_TIMEOUT
from tests.builders import configured
from tests.certificates import Authority, Lineage, Pair
from tests.program import QUICK, Program, running
from tests.service import CREDENTIALS, Service, arrived, close, connected, flood
from tests.support import PATIENCE, incident_body, until

RESET = struct.pack("ii", 1, 0)  # closing forgets what was not sent yet, and says so


def context_of(folder: Path, pair: Pair) -> ssl.SSLContext:
    folder.mkdir()
    tls = configured(folder, tls={"certificate": str(pair.certificate), "key": str(pair.key)}).tls
    assert tls
    return tls.context


@pytest.fixture
async def service(
    tmp_path: Path, authority: Authority, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Service]:
    service = Service(tmp_path)
    service.server.ssl_options = context_of(tmp_path / "tls", authority.issue("one"))
    service.trusting = authority.context()
    yield service
    assert (await service.deliver(incident_body("0.still-alive")))[0] == 200
    await service.close()
    assert not [record for record in caplog.records if record.exc_info]


def shaken(port: int, trusting: ssl.SSLContext) -> ssl.SSLSocket:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as plain:
        return trusting.wrap_socket(plain, server_hostname="localhost")


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name.startswith("tornado")]


async def test_deliveries_and_refusals_are_the_same_as_without_tls(service: Service) -> None:
    assert (await service.deliver(incident_body()))[1]["result"] == "recorded"
    assert (await service.request("POST", "/fromGCPMonitoring", b"{}"))[0] == 401
    huge = json.dumps(incident_body(summary="x" * 300_000)).encode()
    assert (await service.request("POST", "/fromGCPMonitoring", huge, **CREDENTIALS))[0] == 413
    assert (await service.request("GET", "/healthz", b"", X="y" * 20_000))[0] == 0


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_outdated_protocols_are_refused(service: Service) -> None:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError, match=r"PROTOCOL_VERSION|alert"):
        await asyncio.open_connection("127.0.0.1", service.port, ssl=old)


async def test_a_missing_handshake_times_out_early(service: Service) -> None:
    silent, shaken = (
        await connected(service),
        await asyncio.open_connection("127.0.0.1", service.port, ssl=service.trusting),
    )
    shaken[1].write(b"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"Not Found" in await asyncio.wait_for(shaken[0].readuntil(b"}\n"), PATIENCE)
    for passed, left in ((0, 2), (HANDSHAKE_TIMEOUT + 1, 1), (REQUEST_TIMEOUT + 1, 0)):
        service.sweep(passed)
        assert service.server.open_connections == left
    close(silent, shaken)


async def test_a_flood_of_silent_connections_does_not_close_a_delivery_in_its_handshake(
    service: Service, authority: Authority
) -> None:
    service.server.max_connections, service.server.max_waiting = 5, 0
    theirs, ours = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = authority.context().wrap_bio(theirs, ours, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    reader, writer = await connected(service)
    await arrived(service, writer, ours.read())
    crowd = await flood(service)
    while client.version() is None:
        received = await asyncio.wait_for(reader.read(65_536), PATIENCE)
        assert received, "closed while it was arriving"
        theirs.write(received)
        with suppress(ssl.SSLWantReadError):
            client.do_handshake()
        writer.write(ours.read())
    close((reader, writer), *crowd)


@pytest.mark.parametrize(
    "data",
    [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x00" * 100, b"\x16\x03\x01\x02\x00" + b"\xff" * 600],
    ids=["http", "zeros", "a false hello"],
)
async def test_garbage_instead_of_a_handshake_is_not_logged(
    service: Service, caplog: pytest.LogCaptureFixture, data: bytes
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    writer.write(data)
    with suppress(ConnectionResetError):  # not all of it was read
        await asyncio.wait_for(reader.read(), PATIENCE)
    writer.close()
    await until(lambda: not service.server.open_connections)
    assert told(caplog) == []


async def test_a_client_gone_before_it_is_accepted_is_not_logged(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    for data in (b"", b"\x16\x03\x01", b"x" * 10_000):
        with socket.create_connection(("127.0.0.1", service.port)) as gone:
            gone.sendall(data)
            gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    assert (await service.deliver(incident_body()))[0] == 200
    assert told(caplog) == []


async def test_why_a_client_refuses_our_certificate_is_logged(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse() -> None:
        with pytest.raises(ssl.SSLCertVerificationError):
            shaken(service.port, ssl.create_default_context())

    await asyncio.to_thread(refuse)
    await until(lambda: not service.server.open_connections)
    (line,) = told(caplog)
    assert "unknown ca" in line


def served(program: Program, authority: Authority) -> str:
    """The name in the certificate that a new connection is shown."""
    with closing(shaken(program.port, authority.context())) as client:
        found: Any = client.getpeercert()
    return str(dict(each[0] for each in found["subject"])["commonName"])


def test_a_renewal_under_load_refuses_nobody_and_a_bad_one_leaves_the_old_in_use(
    tmp_path: Path, authority: Authority
) -> None:
    lineage, done = Lineage(tmp_path / "live", authority.issue("old")), threading.Event()
    tls = "tls: {certificate: live/fullchain.pem, key: live/privkey.pem}"
    with running(tmp_path, *QUICK, more=tls) as program:
        program.trusting = authority.context()

        statuses: list[int] = []

        def deliver_until_done(client: int) -> None:
            for number in count():
                body = incident_body(f"{client}-{number}", host=f"{number % 100}.test")
                statuses.append(program.deliver(body)[0])
                if done.is_set():
                    return

        with ThreadPoolExecutor(4) as clients:
            answers = clients.map(deliver_until_done, range(4))
            try:
                lineage.renew(authority.issue("new"))
                program.until(lambda: served(program, authority) == "new")
            finally:
                done.set()
            assert list(answers) == [None] * 4
        assert set(statuses) == {200}
        assert "; in use now: tls.certificate\n" in program.log()
        lineage.renew(authority.issue("bad")._replace(key=lineage.pair.key.resolve()))
        program.until(lambda: program.health()[0] == 503)
        assert "do not belong together" in str(program.health()[1])
        assert served(program, authority) == "new"
        lineage.renew(authority.issue("good"))
        program.until(lambda: program.health()[0] == 200)
        assert served(program, authority) == "good"
        program.stop()
    assert "Traceback" not in program.log()


def test_tls_can_be_switched_on_and_off_by_a_reload(tmp_path: Path, authority: Authority) -> None:
    with running(tmp_path, *QUICK) as program:
        plain, text = program.url, program.config.read_text()
        pair = authority.issue("late")
        program.config.write_text(f"{text}tls: {{certificate: {pair.certificate}, key: {pair.key}}}\n")
        program.trusting = authority.context()
        program.until(lambda: program.log().count("; in use now: tls.") == 1)
        program.url = plain.replace("http:", "https:")
        assert program.deliver(incident_body())[0] == 200
        program.config.write_text(text)
        program.until(lambda: program.log().count("; no longer in use: tls.") == 1)
        program.url = plain
        assert program.deliver(incident_body())[0] == 200
