"""The examples of docs/internet.md work, word for word except names, ports and files."""

import contextlib
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from tests.builders import configured
from tests.certificates import Authority, Pair
from tests.program import Program
from tests.support import PATIENCE, basic, free_port, incident_body
from tests.test_documents import blocks, text_of

ASKER, STRANGER = "127.0.0.2", "198.51.100.1"  # who asks, and what that one says


INTERNET = text_of("docs/internet")  # of English; `test_documents` compares its blocks with those of Korean


def test_every_example_of_a_configuration_is_good(tmp_path: Path, authority: Authority) -> None:
    pair = authority.issue("ours")
    examples = [yaml.safe_load(block) for block in blocks(INTERNET, "yaml")]
    for example in examples:
        if "tls" in example:
            assert [Path(name).name for name in example["tls"].values()] == ["fullchain.pem", "privkey.pem"]
            example["tls"] = dict(zip(example["tls"], map(str, pair), strict=True))
        config = configured(tmp_path, **{"gcp": {"password": "a long enough password"}, **example})
        assert bool(config.tls) != bool(config.trusted_proxies)
        assert [warning for warning in config.warnings if "chmod" not in warning] == []
    assert len(examples) == 4


def test_the_commands_for_google_are_complete() -> None:
    (commands,) = blocks(INTERNET, "sh")
    subprocess.run(["bash", "-nu"], input=commands, text=True, check=True, timeout=PATIENCE)
    made = re.findall(r"^gcloud compute ([a-z -]+?) create (?:http )?uptime --", commands, re.MULTILINE)
    assert len(made) == 8
    for used in re.findall(
        r"--(?:health-checks|url-map|ssl-certificates|target-https-proxy)=(\S+)", commands
    ):
        assert used == "uptime"


@contextlib.contextmanager
def behind(program: Program, command: list[str | Path], port: int, env: dict[str, str]) -> Iterator[None]:
    """Sends the program's requests through a proxy, once that accepts connections."""
    log = (program.folder / "proxy.txt").open("w")
    proxy = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **env})
    try:
        program.until(lambda: _listens(port) or proxy.poll() is not None)
        assert proxy.poll() is None, (program.folder / "proxy.txt").read_text()
        program.url = f"https://localhost:{port}"
        yield
    finally:
        proxy.terminate()
        proxy.wait(PATIENCE)
        log.close()


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=PATIENCE):
        return True
    return False


def nginx(folder: Path, block: str, pair: Pair, port: int) -> list[str | Path]:
    block = re.sub(r"(?<=ssl_certificate )\S+(?=;)", str(pair.certificate), block)
    block = re.sub(r"(?<=ssl_certificate_key )\S+(?=;)", str(pair.key), block)
    block = block.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    around = f"daemon off; master_process off; pid {folder}/pid; error_log stderr; events {{}}"
    (folder / "nginx.conf").write_text(f"{around}\nhttp {{ access_log off; {temporary}\n{block}\n}}\n")
    return ["nginx", "-e", "stderr", "-p", folder, "-c", folder / "nginx.conf"]


def caddy(folder: Path, block: str, pair: Pair, port: int) -> list[str | Path]:
    own = f"tls {pair.certificate} {pair.key}"
    block = block.replace("uptime.example.com {", f"localhost:{port} {{\n\tbind 127.0.0.1\n\t{own}")
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n\tauto_https disable_redirects\n}}\n{block}")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", folder / "Caddyfile"]


@pytest.mark.parametrize(("name", "prepare"), [("nginx", nginx), ("caddy", caddy)])
def test_behind_a_proxy_deliveries_and_commands_arrive_and_strangers_are_known(
    tmp_path: Path, authority: Authority, name: str, prepare: Callable[..., list[str | Path]]
) -> None:
    if not shutil.which(name):
        pytest.skip(f"{name} is not installed")
    program = Program(tmp_path, more='trusted_proxies: ["127.0.0.1"]').start()
    port = free_port()
    block = blocks(INTERNET, name)[0].replace("127.0.0.1:8080", program.url.removeprefix("http://"))
    command = prepare(tmp_path, block, authority.issue("ours"), port)
    program.trusting = authority.context()
    with behind(program, command, port, {"HOME": str(tmp_path)}):
        assert program.deliver(incident_body())[0] == 200
        large = json.dumps(incident_body("0.large", documentation={"content": "x" * 100_000})).encode()
        assert program.deliver(large)[0] == 200
        assert "`www.example.com` is down" in program.say("uptime check")
        assert "`www.example.com` is down" in program.command("check")["text"]
        assert program.health()[0] == 403
        client_address = http.client.HTTPSConnection(
            "localhost", port, timeout=PATIENCE, source_address=(ASKER, 0), context=program.trusting
        )
        wrong = {"Authorization": basic(password="wrong"), "X-Forwarded-For": STRANGER}
        client_address.request("POST", "/fromGCPMonitoring", b"{}", wrong)
        assert client_address.getresponse().status == 401
        client_address.close()
    assert f"(from {ASKER})" in program.log()
    assert STRANGER not in program.log()
    assert program.stop() == 0
