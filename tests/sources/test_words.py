"""What is printed of what libraries and hosts say: never a password, never a letter that steers a terminal."""

import pytest
import requests

from stages.sources.download import LONGEST, Expected, diagnosis, fetch_url, safe_words
from stages.storage.errors import UnavailableError

PROXIES = [
    "http://bob:hunter2@127.0.0.1:99999",
    "http://bob:hunter2@127.0.0.1:9",
    "http://bob:hun#ter2@127.0.0.1:9",
    "http://bob:hun/ter2@127.0.0.1:9",
    "http://bob:hun@ter2@127.0.0.1:9",
    "bob:hunter2@127.0.0.1:9",
    "http://bob:hunter2",
    "socks5://bob:hunter2@127.0.0.1:9",
    "nonsense://bob:hunter2@127.0.0.1:9",
    "http://[bob:hunter2@127.0.0.1:9",
]


@pytest.mark.parametrize("proxy", PROXIES)
@pytest.mark.parametrize("name", ["https_proxy", "HTTPS_PROXY", "all_proxy"])
def test_no_password_of_a_proxy_is_printed(name: str, proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for other in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, proxy)
    with pytest.raises(UnavailableError) as raised:
        fetch_url("https://nowhere.invalid/file", Expected(1, ""), lambda *_: None)
    said = str(raised.value)
    assert [part for part in ("bob", "hun", "ter2") if part in said] == []
    assert "proxy" in said


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:9", "127.0.0.1:9", "http://[::1]:9/", "http://proxy.example.org"])
def test_where_there_is_none_the_reason_is_told(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", proxy)
    assert safe_words(OSError("Connection refused")) == "Connection refused"


def test_a_hosts_words_are_few_and_printable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stages.sources.download.getproxies", dict)
    reason, _ = diagnosis(requests.ConnectionError("see https://eve:secret@host/ \x1b[31m\x07" + "x" * 9999))
    said = str(UnavailableError(reason))
    assert said.isprintable()
    assert "secret" not in said
    assert len(said) < LONGEST + 100
