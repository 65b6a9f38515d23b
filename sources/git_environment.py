"""The environment that git is given: fixed, so that no night depends on the shell that starts it.

Settings go by environment, not by words of the command, so that no list of processes shows a token. The user's own
configuration is read, as it may hold keys and credential helpers; the machine's is not.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SETTINGS = {
    "core.hooksPath": "/dev/null",
    "core.fsmonitor": "false",
    "log.showSignature": "false",
    "log.mailmap": "true",
    "http.followRedirects": "false",  # a token goes to the host it was meant for
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "60",
    "i18n.logOutputEncoding": "UTF-8",
}


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach addresses: `headers` (a token) go to those below `url` alone, the proxy to none of this machine."""

    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    proxy: str = field(default="", repr=False)
    ca: str = ""


def environment(access: Access) -> dict[str, str]:
    """All that git sees of the environment."""
    settings = list(SETTINGS.items())
    if access.url:
        settings += [(f"http.{access.url}.extraHeader", f"{name}: {value}") for name, value in access.headers.items()]
    settings += [("http.proxy", access.proxy)] if access.proxy else []
    settings += [("http.sslCAInfo", access.ca)] if access.ca else []
    known = {
        "PATH": os.pathsep.join((str(Path(shutil.which("git") or "git").parent), os.defpath)),
        "HOME": str(Path.home()),
        "LC_ALL": "C",
        "GIT_ALLOW_PROTOCOL": "file:http:https:ssh:git",
        "GIT_ASKPASS": "true",
        "GIT_CONFIG_COUNT": str(len(settings)),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_SSH_COMMAND": "ssh -o BatchMode=yes",
        "GIT_TERMINAL_PROMPT": "0",
        "NO_PROXY": "localhost,127.0.0.1,::1",
    }
    for at, (name, value) in enumerate(settings):
        known |= {f"GIT_CONFIG_KEY_{at}": name, f"GIT_CONFIG_VALUE_{at}": value}
    return known
