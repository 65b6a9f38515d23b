"""The search itself: a scanner that finds nothing proves nothing until it has found what was hidden on purpose."""

import base64
import gzip
import hashlib
import sqlite3
import subprocess

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.pipeline.leaks import found, needles

WHO = ["Zoë Müller-Ünsal", "zoemu77", "zoe.mueller@example.org", "kai"]
PSEUDONYM = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    "text",
    [
        "by Zoë Müller-Ünsal.",
        "ZOEMU77",
        '{"name": "Zo\\u00eb M\\u00fcller-\\u00dcnsal"}',
        "to=zoe.mueller@example.org&",
        hashlib.sha256(b"zoemu77").hexdigest().upper(),
        base64.b64encode(b"zoemu77").decode(),
        base64.b64encode(b"x zoe.mueller@example.org").decode(),
        base64.urlsafe_b64encode("xx Zoë Müller-Ünsal yy".encode()).decode(),
        f"ab{PSEUDONYM}cd",
        "(kai)",
    ],
)
def test_every_form_is_found(tmp_path, text):
    (tmp_path / "file.log").write_text(text)
    assert found([tmp_path], needles(WHO, [PSEUDONYM]))


def test_other_words_are_left_in_peace(tmp_path):
    (tmp_path / "file.log").write_text(f"kaizen, zoemu771, {PSEUDONYM[1:]}, {hashlib.sha256(b'else').hexdigest()}")
    assert found([tmp_path], needles(WHO, [PSEUDONYM])) == []


def test_what_bytes_hide_is_unpacked(tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"zoemu77" * 9 + b" zoemu77"))
    pq.write_table(pa.table({"x": ["zoemu77 "] * 9}), tmp_path / "b.parquet", compression="zstd")
    with duckdb.connect(str(tmp_path / "c.duckdb")) as base:
        base.execute("create table t as select 'zoemu' || '77' as x from range(5000)")
    with sqlite3.connect(tmp_path / "d.db") as base:
        base.execute("create table t (x)")
        base.execute("insert into t values (?)", ["." * 5000 + " zoemu77"])
    (tmp_path / "zoemu77").touch()
    places = found([tmp_path], needles(WHO))
    assert {place.split(":")[0].rsplit("/", 1)[1] for place in places} == {
        "a.gz", "b.parquet", "c.duckdb", "d.db", "zoemu77",
    }  # fmt: skip


@pytest.mark.parametrize("limit", [1, 100], ids=["packs", "objects"])
def test_a_clone_that_stayed_is_found(tmp_path, limit):
    commands = ("init -q --bare .", f"-c fastimport.unpackLimit={limit} fast-import --quiet")
    script = "commit refs/heads/main\ncommitter A <a@example.org> 0 +0000\ndata 1\nx\n"
    for words in commands:
        subprocess.run(["git", *words.split()], cwd=tmp_path, input=script.encode(), check=True)
    assert any(place.endswith("a clone") for place in found([tmp_path], needles(WHO)))


def test_what_is_left_out_is_left_out(tmp_path):
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault" / "x").write_text("zoemu77")
    assert found([tmp_path], needles(WHO), leave_out=[tmp_path / "vault"]) == []
