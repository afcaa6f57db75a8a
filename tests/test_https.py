"""HTTPS over real sockets: the limits hold, strangers cost nothing, renewals refuse nobody."""

import asyncio
import json
import logging
import socket
import ssl
import struct
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from handlers.http_server import HANDSHAKE_TIMEOUT, MAX_CONNECTIONS, REQUEST_TIMEOUT
from tests.builders import configured
from tests.certificates import Authority, Lineage, Pair
from tests.service import CREDENTIALS, Service
from tests.support import PATIENCE, QUICK, Program, incident_body, running

RESET = struct.pack("ii", 1, 0)  # closing forgets what was not sent yet, and says so


def context_of(folder: Path, pair: Pair) -> ssl.SSLContext:
    folder.mkdir()
    tls = configured(folder, tls={"certificate": str(pair.certificate), "key": str(pair.key)}).tls
    assert tls
    return tls.context


@pytest_asyncio.fixture
async def service(
    tmp_path: Path, authority: Authority, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Service]:
    caplog.set_level(logging.INFO)
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


async def rest(service: Service, connections: int) -> None:
    while service.server.open_connections != connections:
        await asyncio.sleep(0.001)


async def test_deliveries_and_refusals_are_as_without_tls(service: Service) -> None:
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
    silent, silents = await asyncio.open_connection("127.0.0.1", service.port)
    assert service.trusting
    idle, idles = await asyncio.open_connection("127.0.0.1", service.port, ssl=service.trusting)
    idles.write(b"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"Not Found" in await asyncio.wait_for(idle.readuntil(b"}\n"), PATIENCE)
    service.sweep()
    assert service.server.open_connections == 2
    service.sweep(HANDSHAKE_TIMEOUT + 1)
    assert await asyncio.wait_for(silent.read(), PATIENCE) == b""
    assert service.server.open_connections == 1
    service.sweep(REQUEST_TIMEOUT + 1)
    assert await asyncio.wait_for(idle.read(), PATIENCE) == b""
    assert service.server.open_connections == 0
    for writer in (silents, idles):
        writer.close()


async def test_silent_connections_keep_nobody_out(service: Service) -> None:
    crowd = [await asyncio.open_connection("127.0.0.1", service.port) for _ in range(MAX_CONNECTIONS + 50)]
    assert (await service.deliver(incident_body()))[0] == 200
    assert service.server.open_connections <= MAX_CONNECTIONS
    for _, writer in crowd:
        writer.close()


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
    await rest(service, 0)
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
    await rest(service, 0)
    (line,) = told(caplog)
    assert "unknown ca" in line


@contextmanager
def secured(folder: Path, authority: Authority, pair: Pair) -> Iterator[tuple[Program, Lineage]]:
    lineage = Lineage(folder / "live", pair)
    program = Program(folder, *QUICK)
    files = f"tls: {{certificate: live/{lineage.pair.certificate.name}, key: live/{lineage.pair.key.name}}}\n"
    program.config.write_text(program.config.read_text() + files)
    program.trusting = authority.context()
    try:
        yield program.start(), lineage
    finally:
        program.stop()


def served(program: Program, authority: Authority) -> str:
    """The name in the certificate that a new connection is shown."""
    with closing(shaken(int(program.url.rpartition(":")[2]), authority.context())) as client:
        found: Any = client.getpeercert()
    return str(dict(each[0] for each in found["subject"])["commonName"])


def test_a_renewal_under_load_refuses_nobody(tmp_path: Path, authority: Authority) -> None:
    done = threading.Event()
    with secured(tmp_path, authority, authority.issue("old")) as (program, lineage):

        def deliver_until_done(client: int) -> list[int]:
            statuses: list[int] = []
            while not done.is_set():
                statuses.append(
                    program.deliver(
                        incident_body(f"{client}-{len(statuses)}", host=f"{len(statuses) % 100}.test")
                    )[0]
                )
            return statuses

        with ThreadPoolExecutor(4) as clients:
            answers = clients.map(deliver_until_done, range(4))
            try:
                for name in ("new", "newer"):
                    lineage.renew(authority.issue(name))
                    program.until(lambda name=name: served(program, authority) == name)  # type: ignore[misc]
            finally:
                done.set()
            statuses = [status for each in answers for status in each]
    assert len(statuses) > 4
    assert set(statuses) == {200}
    assert "Traceback" not in program.log()


def test_a_bad_renewal_leaves_the_old_one_in_use_and_says_so(tmp_path: Path, authority: Authority) -> None:
    old, new = authority.issue("before"), authority.issue("after")
    with secured(tmp_path, authority, old) as (program, lineage):
        lineage.renew(new._replace(key=old.key))
        program.until(lambda: program.health()[0] == 503)
        assert "do not belong together" in str(program.health()[1])
        assert "do not belong together" in program.log()
        assert served(program, authority) == "before"
        lineage.renew(new)
        program.until(lambda: program.health()[0] == 200)
        assert served(program, authority) == "after"


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
        program.until(lambda: program.log().count("; no longer: tls.") == 1)
        program.url = plain
        assert program.deliver(incident_body())[0] == 200
