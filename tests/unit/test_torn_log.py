"""A log that a full disk left half written does not keep the vault shut, and nothing else is given up for it."""

import shutil

import pytest

from orchestration.config import load
from orchestration.errors import VaultDamaged, WrongKey
from orchestration.vault import opened

ROWS = "select count(*) from vault.ops.etags"


@pytest.fixture
def torn(tmp_path):
    """A home as a full disk left it: some rows stand in the file, some in its log only, whose end was never written."""
    (tmp_path / "quorum.yaml").write_text(
        "roster: r.yaml\nsystems: {github: {url: http://127.0.0.1:1, organisation: acme}}\n"
    )
    lived = load(tmp_path / "quorum.yaml", home=tmp_path / "lived")
    with opened(lived) as vault:
        vault.connection.execute("insert into vault.ops.etags select range::varchar, 'x' from range(10)")
    with opened(lived) as vault:
        vault.connection.execute("insert into vault.ops.etags select range::varchar, 'y' from range(3000)")
        shutil.copytree(lived.home, tmp_path / "torn")
    settings = load(tmp_path / "quorum.yaml", home=tmp_path / "torn")
    log = settings.vault_file.with_name("vault.duckdb.wal")
    log.write_bytes(log.read_bytes()[:-100] + bytes(100))
    return settings


def test_a_vault_with_a_torn_log_opens_as_of_its_last_checkpoint(torn):
    with opened(torn) as vault:
        assert vault.connection.execute(ROWS).fetchone() == (10,)
    assert not list(torn.vault_file.parent.glob("*.torn"))


def test_a_torn_log_is_kept_when_the_file_itself_is_damaged(torn):
    whole = torn.vault_file.read_bytes()
    torn.vault_file.write_bytes(whole[:8192] + bytes(4096) + whole[12288:])
    before = {path.name: path.read_bytes() for path in torn.vault_file.parent.iterdir() if path.suffix != ".lock"}
    with pytest.raises((VaultDamaged, WrongKey)), opened(torn):
        pass
    after = {path.name: path.read_bytes() for path in torn.vault_file.parent.iterdir() if path.suffix != ".lock"}
    assert after == before
