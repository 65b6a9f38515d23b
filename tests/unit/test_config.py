"""A wrong quorum.yaml stops the night with the place and the nearest valid key, and never with a value."""

from pathlib import Path

import pytest

from orchestration.config import environment, load
from orchestration.connections import connection
from orchestration.errors import ConfigError

PLAIN = """
roster: roster.yaml
systems:
  github: {url: https://api.github.com, organisation: acme, token: MY_TOKEN}
"""


@pytest.fixture
def written(tmp_path, monkeypatch):
    for name in ("QUORUM_HOME", "QUORUM_KEY", "QUORUM_CONFIG", "MY_TOKEN"):
        monkeypatch.delenv(name, raising=False)

    def write(text):
        path = tmp_path / "quorum.yaml"
        path.write_text(text)
        return load(path, home=tmp_path / "home")

    return write


def test_defaults_are_the_documented_ones(written):
    settings = written(PLAIN)
    assert (settings.policy.k, settings.period, settings.schedule.cron) == (5, "four_weeks", "0 2 * * *")
    assert settings.published == settings.home / "published"


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [
        ("rooster: x.yaml", "`roster`"),
        ("polcy: {k: 5}", "`policy`"),
        ("sandbox: {port: 8787, sed: 3}", "`seed`"),
        ("schedule: {time-zone: UTC}", "`time_zone`"),
        ("bots: {githup: [builder]}", "`github`"),
        ("policy: {rooster_margin: 2}", "'roster_margin'"),
    ],
)
def test_a_misspelt_key_is_told_with_the_nearest_valid_one(written, wrong, nearest):
    with pytest.raises(ConfigError, match=nearest):
        written(PLAIN + wrong)


def test_a_misspelt_key_inside_a_system_is_told_too(written):
    with pytest.raises(ConfigError, match=r"systems\.github\.organization is no key: the nearest .* `organisation`"):
        written(PLAIN.replace("organisation", "organization"))


def test_a_repository_of_git_may_have_another_name_than_its_address(written):
    listed = "{repositories: [./tool, {address: ~/x, repository: acme/x}, https://host/acme/y]}"
    settings = written(f"roster: r\nsystems: {{git: {listed}}}")
    first, second, third = connection(settings, "git").options["repositories"]
    assert first == str(settings.project / "tool")
    assert second == {"address": str(Path.home() / "x"), "repository": "acme/x"}
    assert third == "https://host/acme/y"


RULES = """
roster: r
systems:
  deployments:
    url: https://api.github.com
    organisation: acme
    read: releases
    production: [live-*]
    rules:
      - {repositories: [acme/site], read: workflows, workflows: [deploy.yml]}
      - {repositories: [acme/mono], services: {shop: {paths: [shop/*]}}}
"""


def test_a_rule_leaves_to_the_block_what_it_does_not_say(written):
    site, mono, others = connection(written(RULES), "deployments").options["rules"]
    assert (site["read"], site["workflows"], site["production"]) == ("workflows", ("deploy.yml",), ("live-*",))
    assert (mono["read"], mono["services"]["shop"]["paths"]) == ("releases", ("shop/*",))
    assert others == {"read": "releases", "production": ("live-*",), "workflows": ()}


def test_workflows_without_a_file_name_are_told(written):
    settings = written(RULES.replace(", workflows: [deploy.yml]", ""))
    with pytest.raises(ConfigError, match="`read: workflows` needs the file names"):
        connection(settings, "deployments")


def test_a_misspelt_key_of_a_repository_is_told_too(written):
    with pytest.raises(ConfigError, match=r"git\.repositories\.0\.adress is no key: the nearest .* `address`"):
        written("roster: r\nsystems: {git: {repositories: [{adress: x, repository: acme/x}]}}")


def test_a_part_of_a_system_is_no_system(written):
    with pytest.raises(
        ConfigError,
        match=r"the nearest valid one is `github`; valid are actions, deployments, events, git, github, jira",
    ):
        written(PLAIN.replace("github:", "github_pages:"))


def test_an_unknown_system_is_told_with_the_nearest_known_one(written):
    with pytest.raises(ConfigError, match=r"systems\.guthub is no key: the nearest valid one is `github`"):
        written(PLAIN.replace("github:", "guthub:"))


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("github: {}", r"systems\.github needs `url`"),
        ("github: {url: https://api.github.com}", "needs `organisation` or `repositories`"),
        ("github: {url: api.github.com, organisation: acme}", r"systems\.github\.url: write the whole address"),
        ("jira: {projects: [A]}", r"systems\.jira needs `url`"),
        (
            "jira: {url: https://acme.example, repositories: [a/b]}",
            r"jira\.repositories is no key: .* valid are url, user",
        ),
        ("jira: {url: https://acme.example, statusses: {}}", r"nearest valid one is `statuses`; valid are url, user"),
        ("git: {}", "needs `repositories`"),
        ("events: {}", "needs `files` or `inbox`"),
    ],
)
def test_a_system_that_cannot_be_read_is_refused(written, block, told):
    with pytest.raises(ConfigError, match=told):
        written(f"roster: r\nsystems: {{{block}}}")


@pytest.mark.parametrize("policy", ["k: 1", "k: five", "dominance: 0.9", "rate_events: 3"])
def test_a_policy_below_its_floors_is_refused(written, policy):
    with pytest.raises(ConfigError, match=rf"policy\.{policy.partition(':')[0]}"):
        written(PLAIN + f"policy: {{{policy}}}")


def test_a_period_that_does_not_exist_is_refused(written):
    with pytest.raises(ConfigError, match="period: Input should be 'four_weeks'"):
        written(PLAIN + "period: fortnight")


@pytest.mark.parametrize("wrong", ["[]", "a: [", "systems: {}", "roster: x\nsystems: 3"])
def test_what_is_no_configuration_is_refused_with_a_way_out(written, wrong):
    with pytest.raises(ConfigError, match="quorum.yaml"):
        written(wrong)


def test_an_error_never_repeats_a_value(written):
    with pytest.raises(ConfigError) as error:
        written(PLAIN + "sandbox: {port: secret-value}\nschedule: {at: secret-value}\nperiod: secret-value")
    assert "secret-value" not in str(error.value)


@pytest.mark.parametrize("key", ["token", "user"])
@pytest.mark.parametrize("value", ["ghp_0123456789abcdef", "ada@acme.example"])
def test_a_secret_in_the_place_of_a_variables_name_is_not_repeated(written, key, value):
    with pytest.raises(ConfigError, match="NAME of an environment variable") as error:
        written(f"roster: r.yaml\nsystems: {{jira: {{url: https://acme.example, {key}: {value}}}}}")
    assert value not in str(error.value)


def test_secrets_print_as_stars_and_are_not_handed_on(written, monkeypatch):
    monkeypatch.setenv("MY_TOKEN", "token-value")
    monkeypatch.setenv("QUORUM_KEY", "k" * 40)
    settings = written(PLAIN)
    assert settings.secrets["MY_TOKEN"].get_secret_value() == "token-value"
    assert "token-value" not in repr(settings) + str(environment(settings))
    assert "k" * 40 not in repr(settings) + str(environment(settings))
