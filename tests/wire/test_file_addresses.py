"""Which addresses a file may be fetched from or put at: OneDrive, in every spelling but a trick."""

from __future__ import annotations

import pytest

from bot.teams.file_transfer import allowed

HOSTILE = [
    "http://127.0.0.1:1/onedrive/x/content",
    "http://169.254.169.254/metadata/instance",
    "https://169.254.169.254/metadata/instance",
    "https://evil.example/file",
    "https://evil-sharepoint.com/file",
    "https://evilsharepoint.com/file",
    "https://sharepoint.com.evil.example/file",
    "https://contoso.sharepoint.com.evil.example/file",
    "https://contoso.sharepoint.com@evil.example/file",
    "https://user:pass@contoso.sharepoint.com/file",
    "https://evil.example\\@contoso.sharepoint.com/file",
    "https://evil.example#@contoso.sharepoint.com/file",
    "https://evil.example?.sharepoint.com/file",
    "http://contoso.sharepoint.com/file",
    "https://contoso.sharepoint.com:8443/file",
    "https://contoso.sharepoint.com./file",
    "https://sharepoint.com/file",
    "https://.sharepoint.com/file",
    "https://[::1]/file",
    "https://2130706433/file",
    "file:///etc/passwd",
    "ftp://contoso.sharepoint.com/file",
    "//contoso.sharepoint.com/file",
    "/file",
    "",
    "https://contoso.sharepoint.com/" + "a" * 9000,
    "https://contoso.sharepoint.com/a b",
    "https://contoso.sharepoint.com/\r\nHost: evil.example",
]


@pytest.mark.parametrize("address", HOSTILE)
def test_an_address_outside_onedrive_is_refused(address: str) -> None:
    assert allowed(address) is None
    assert allowed(address, "http://127.0.0.1:3979/") is None


@pytest.mark.parametrize(
    "address",
    [
        "https://contoso-my.sharepoint.com/personal/a_b/_layouts/15/download.aspx?UniqueId=1&t=%2b",
        "https://CONTOSO.sharepoint.com/file",
        "https://contoso.sharepoint.com:443/file",
    ],
)
def test_an_address_in_onedrive_is_taken_and_asked_for_as_it_is(address: str) -> None:
    url = allowed(address)
    assert url is not None
    assert url.raw_path_qs == "/" + address.split("/", 3)[3]


def test_the_simulated_teams_is_good_in_a_rehearsal_only() -> None:
    own = "http://127.0.0.1:3979/"
    assert allowed(own + "onedrive/x", own)
    assert allowed(own + "onedrive/x") is None
    assert allowed("http://127.0.0.1:3980/onedrive/x", own) is None
    assert allowed("http://u@127.0.0.1:3979/onedrive/x", own) is None
