"""quorum.yaml and the environment as typed settings; the only reader of the environment.

The file names the variables that hold tokens; their values live in memory, as secrets that print as stars. A wrong key
is told with the nearest valid one, a wrong value by its place: an error never repeats a value.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, get_args, get_origin

import yaml
from pydantic import BaseModel, SecretStr, ValidationError

from expectations.policy import Policy, PolicyError
from orchestration.errors import ConfigError
from orchestration.settings import File, Settings, System
from sources import systems as known_systems

NAME = "quorum.yaml"
QUIET = {
    "DAGSTER_DISABLE_TELEMETRY": "1",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "GX_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}  # a privacy tool phones nobody
UNIONS = {
    "str",
    "RosterFiles",
    "Repository",
}  # pydantic names the forms of a value in an error's place; the file does not


def load(path: Path | None = None, home: Path | None = None) -> Settings:
    """The settings of this deployment: `path`, else QUORUM_CONFIG, else quorum.yaml in the working folder."""
    path = (path or Path(os.environ.get("QUORUM_CONFIG", NAME))).absolute()
    content = _read(path)
    given = content.pop("policy", None) or {}
    try:
        file = File.model_validate(content)
    except ValidationError as error:
        raise ConfigError("\n".join(_told(error))) from None
    for name, system in file.systems.items():
        _fits(name, system)
    policy = _policy(given, file)
    home = (home or Path(os.environ.get("QUORUM_HOME", ".quorum"))).absolute()
    key = os.environ.get("QUORUM_KEY")
    values = {name: getattr(file, name) for name in File.model_fields}
    values["published"] = (path.parent / file.published) if file.published else home / "published"
    return Settings(
        **values,
        policy=policy,
        file=path,
        home=home,
        key=SecretStr(key) if key else None,
        secrets=_secrets(file),
        proxies=_proxies(),
        ca=os.environ.get("REQUESTS_CA_BUNDLE", os.environ.get("SSL_CERT_FILE", "")),
    )


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """The environment of a program that the pipeline starts: no key, no token but those handed in, no telemetry."""
    hidden = {"QUORUM_KEY", *settings.secrets}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return {**kept, **QUIET, **more}


def prepare_environment(dagster_home: Path | None = None, config: Path | None = None) -> None:
    """Set for this process what Dagster, dbt and Great Expectations read when they are imported."""
    os.environ.update(QUIET)
    if dagster_home is not None:
        os.environ["DAGSTER_HOME"] = str(dagster_home)
    if config is not None:
        os.environ["QUORUM_CONFIG"] = str(config.absolute())


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        message = f"{path} is not there: run in the folder that holds {NAME}, or set QUORUM_CONFIG"
        raise ConfigError(message) from None
    except (OSError, UnicodeDecodeError):
        message = f"{path} cannot be read as UTF-8 text: check its mode and encoding"
        raise ConfigError(message) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" at line {mark.line + 1}" if mark else ""
        message = f"{path.name} is no YAML{place}: check indentation and quotes there"
        raise ConfigError(message) from None
    if not isinstance(content, dict):
        message = f"{path.name} holds no keys: see docs/configure.md"
        raise ConfigError(message)
    return content


def _policy(given: object, file: File) -> Policy:
    if not isinstance(given, dict):
        message = f"{NAME}: policy holds no keys: write them below it, as `k: 5`"
        raise ConfigError(message)
    try:
        return Policy.from_mapping(given, file.period, file.time_zone)
    except PolicyError as error:
        message = f"{NAME}: {error}"
        raise ConfigError(message) from None


def _fits(name: str, given: System) -> None:
    """A block has the keys that its system needs, and none that it does not read."""
    if name not in (known := list(known_systems.names())):
        raise ConfigError(_misspelt(("systems", name), known))
    keys = _keys_of(name)
    for key in sorted(given.model_fields_set - set(keys)):
        raise ConfigError(_misspelt(("systems", name, key), keys))
    for group in known_systems.load(name).needs:
        if not any(getattr(given, key) for key in group):
            message = f"{NAME}: systems.{name} needs {' or '.join(f'`{key}`' for key in group)}: see docs/configure.md"
            raise ConfigError(message)


def _keys_of(name: str) -> list[str]:
    """The keys that a system reads."""
    system = known_systems.load(name)
    return [*chain(*system.needs), *system.takes]


def _secrets(file: File) -> dict[str, SecretStr]:
    """The values of the variables that the file names; the sandbox takes any token."""
    found: dict[str, SecretStr] = {}
    for system in file.systems.values():
        for name in filter(None, (system.user, system.token, system.inbox)):
            value = os.environ.get(name) or ("sandbox" if file.sandbox else "")
            if value:
                found[name] = SecretStr(value)
    return found


def _proxies() -> dict[str, str]:
    names = {"http": ("http_proxy", "HTTP_PROXY"), "https": ("https_proxy", "HTTPS_PROXY")}
    found = {scheme: os.environ.get(low) or os.environ.get(high) or "" for scheme, (low, high) in names.items()}
    return {scheme: address for scheme, address in found.items() if address}


def _told(error: ValidationError) -> Iterator[str]:
    for one in error.errors(include_input=False, include_url=False):
        place = tuple(str(part) for part in one["loc"] if part not in UNIONS)
        if one["type"] == "extra_forbidden":
            yield _misspelt(place, _keys_at(place[:-1]))
        elif one["type"] == "missing":
            yield f"{NAME}: {'.'.join(place)} is missing: see docs/configure.md"
        else:
            yield f"{NAME}: {'.'.join(place)}: {one['msg'].removeprefix('Value error, ')}"


def _misspelt(place: tuple[str, ...], known: list[str]) -> str:
    near = difflib.get_close_matches(place[-1], known, n=1, cutoff=0.3)
    nearest = f"the nearest valid one is `{near[0]}`; " if near else ""
    return f"{NAME}: {'.'.join(place)} is no key: {nearest}valid are {', '.join(known)}"


def _keys_at(place: tuple[str, ...]) -> list[str]:
    """The valid keys of a block of the file."""
    if place[:1] == ("systems",) and place[1:] in [(name,) for name in known_systems.names()]:
        return _keys_of(place[1])
    model: Any = File
    for step in (part for part in place if not part.isdigit()):
        if isinstance(model, type) and issubclass(model, BaseModel):
            model = _model_in(model.model_fields[step].annotation)
        else:
            model = get_args(model)[1]  # a dictionary: the step is its key
    return [*model.model_fields, *(["policy"] if model is File else [])]


def _model_in(annotation: Any) -> Any:  # noqa: ANN401 what pydantic keeps of a type hint
    """The block, or the dictionary of blocks, that a type hint holds."""
    if get_origin(annotation) is dict or (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part)) is not None), None)
