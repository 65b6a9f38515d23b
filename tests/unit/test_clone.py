"""git is read through real repositories: whole, since a head, over HTTP, and never from what it should not be."""

import os
import signal
import subprocess
import sys
import threading
import time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sources.clone import Git, Shallow, commits, head, opened, origin
from sources.errors import Gone, Malformed, Refused, SourceError, Unavailable
from sources.git_environment import Access, environment
from sources.git_log import parsed
from tests.fake_server import Reply, serving

GIT = Git(seconds=60)
ADDRESS = "canary@person.example"


def git(folder, *words, when=1_700_000_000, address=ADDRESS):
    """Run git as somebody, at some time."""
    who = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER")
           for part, value in (("NAME", "Canary Person"), ("EMAIL", address), ("DATE", f"{when} +0200"))}  # fmt: skip
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1", **who}
    words = ["git", "-C", str(folder), "-c", "init.defaultBranch=main", *words]
    return subprocess.run(words, env=env, check=True, capture_output=True, text=True).stdout.strip()


def write(folder, name, text, **who):
    """Commit a file; its id."""
    Path(folder, name).write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "canary message", **who)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    git(folder, "init", "-q")
    write(folder, "canary-path.py", "one\ntwo\n")
    write(folder, "canary-path.py", "one\nthree\nfour\n", when=1_700_000_100)
    return folder


@pytest.fixture
def served(repository, tmp_path):
    """The repository as any web server serves it, and its folder."""
    git(tmp_path, "clone", "-q", "--bare", str(repository), "acme/tool.git")
    git(tmp_path / "acme/tool.git", "update-server-info")
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Quiet", (SimpleHTTPRequestHandler,), {
        "__init__": lambda self, *a: SimpleHTTPRequestHandler.__init__(self, *a, directory=str(tmp_path)),
        "log_message": lambda *a: None}))  # fmt: skip
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/acme/tool.git"
    server.shutdown()
    thread.join()
    server.server_close()


def read(address, seen=None):
    newest = head(str(address), GIT)
    with opened(str(address), GIT) as folder:
        return list(commits(folder, newest, seen, GIT))


def test_a_clone_is_read_as_numbers_times_and_addresses(repository):
    newest, first = read(repository)
    assert (newest.additions, newest.deletions, newest.parents) == (2, 1, 1)
    assert (first.additions, first.deletions, first.parents, first.authored) == (2, 0, 0, 1_700_000_000)
    assert first.address == ADDRESS and "canary" not in repr(first)


def test_counts_of_lines_agree_with_git(repository):
    Path(repository, "binary").write_bytes(b"\0" * 99)
    git(repository, "mv", "canary-path.py", "moved.py")
    write(repository, "lines", "1\n2\n")
    newest = read(repository)[0]
    stat = [line.split("\t")[:2] for line in git(repository, "show", "--format=", "--numstat", "-M").splitlines()]
    added, deleted = (sum(int(one) for one in counts if one != "-") for counts in zip(*stat, strict=True))
    assert (newest.additions, newest.deletions, len(stat)) == (added, deleted, 3)


def test_only_what_came_since_is_read(repository):
    seen = head(str(repository), GIT)
    assert read(repository, seen) == []
    write(repository, "b", "1\n")
    assert [commit.additions for commit in read(repository, seen)] == [1]


def test_after_a_forced_push_all_is_read_again(repository):
    seen = head(str(repository), GIT)
    git(repository, "reset", "-q", "--hard", "HEAD~1")
    write(repository, "b", "1\n")
    assert len(read(repository, seen)) == 2
    assert len(read(repository, "0" * 40)) == 2


def test_a_merge_counts_its_parents_and_no_lines(repository):
    git(repository, "checkout", "-q", "-b", "side", "HEAD~1")
    write(repository, "side", "1\n")
    git(repository, "checkout", "-q", "main")
    git(repository, "merge", "-q", "--no-ff", "-m", "m", "side")
    merge, *others = read(repository)
    assert (merge.parents, merge.additions, len(others)) == (2, 0, 3)


def test_the_mailmap_is_honoured(repository):
    write(repository, ".mailmap", f"Right <right@acme.example> <{ADDRESS}>\n")
    assert {commit.address for commit in read(repository)} == {"right@acme.example"}


def test_the_mailmap_is_honoured_over_http_and_nothing_stays(served, tmp_path):
    folder = tmp_path / "temporary"
    folder.mkdir()
    left = folder / "quorum-clone-999999999-x"
    left.mkdir()
    git_here = Git(folder=folder, seconds=60)
    with opened(served, git_here) as clone:
        assert not left.exists()
        assert clone.parent.stat().st_mode & 0o777 == 0o700
        assert len(list(commits(clone, head(served, git_here), None, git_here))) == 2
    assert list(folder.iterdir()) == []


def test_a_killed_run_leaves_no_clone(served, tmp_path):
    folder = tmp_path / "temporary"
    folder.mkdir()
    script = (
        "import sys, time; from pathlib import Path; from sources.clone import Git, opened\n"
        f"with opened({served!r}, Git(folder=Path({str(folder)!r}))) as clone:\n"
        "    print((clone / 'HEAD').read_text(), flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, start_new_session=True) as run:
        assert run.stdout.readline() and list(folder.iterdir())
        os.killpg(run.pid, signal.SIGKILL)
    until = time.monotonic() + 10
    while list(folder.iterdir()) and time.monotonic() < until:
        time.sleep(0.05)
    assert list(folder.iterdir()) == []


def test_a_clone_with_an_origin_is_read_at_the_origins_default_branch(repository, tmp_path):
    git(tmp_path, "clone", "-q", str(repository), "copy")
    git(tmp_path / "copy", "checkout", "-q", "-b", "feature")
    write(tmp_path / "copy", "unfinished", "1\n")
    assert len(read(tmp_path / "copy")) == 2
    assert origin(str(tmp_path / "copy"), GIT) == str(repository)


def test_an_empty_repository_has_no_head(tmp_path):
    git(tmp_path, "init", "-q", "empty")
    assert head(str(tmp_path / "empty"), GIT) is None
    assert head(f"file://{tmp_path}/empty", GIT) is None


def test_a_shallow_clone_is_refused(repository, tmp_path):
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{repository}", "shallow")
    with pytest.raises(Shallow):
        read(tmp_path / "shallow")


@pytest.mark.parametrize("address", ["/nowhere/canary", "file:///nowhere/canary", "--upload-pack=canary"])
def test_what_is_not_there_is_told_without_its_name(address):
    with pytest.raises(Gone) as caught:
        head(address, GIT)
    assert "canary" not in str(caught.value)


def test_a_missing_repository_on_a_server_is_gone(served):
    with pytest.raises(Gone):
        head(served.replace("tool", "canary"), GIT)


def test_no_command_hides_in_an_address(tmp_path):
    with pytest.raises(SourceError):
        head(f"ext::sh -c 'touch {tmp_path}/canary'", GIT)
    assert not (tmp_path / "canary").exists()


def test_a_server_that_is_down_is_unavailable():
    with pytest.raises(Unavailable):
        head("http://127.0.0.1:9/acme/canary.git", GIT)


def test_an_odd_address_moves_no_field(repository):
    write(repository, "b", "1\n", address="a\x1fb\x1e \x1f9")
    assert read(repository)[0].additions == 1


def test_a_token_goes_to_its_own_address_alone_and_by_no_command_line():
    known = environment(Access("https://host/acme", {"Authorization": "Basic canary"}))
    place = next(name for name, value in known.items() if "canary" in value)
    assert known[place.replace("VALUE", "KEY")] == "http.https://host/acme.extraHeader"
    assert "canary" not in str(environment(Access("", {"Authorization": "Basic canary"})))


@pytest.mark.parametrize(("status", "error"), [(401, Refused), (403, Refused), (404, Gone), (500, Unavailable)])
def test_what_a_server_answers_is_told_by_type_alone(status, error):
    with serving(lambda _: Reply("canary", status)) as server, pytest.raises(error) as caught:
        head(f"{server.url}/acme/canary.git", GIT)
    assert "canary" not in str(caught.value)


def test_git_that_takes_too_long_or_ends_early_is_unavailable(repository):
    with pytest.raises(Unavailable, match="too long"):
        head(str(repository), Git(seconds=0.00001))
    with pytest.raises(Unavailable, match="ended early"):
        list(commits(repository, "0" * 40, None, GIT))


def test_only_ids_of_commits_become_words_of_a_command(repository):
    with pytest.raises(Malformed):
        list(commits(repository, "--output=canary", None, GIT))
    with pytest.raises(Malformed):
        list(commits(repository, head(str(repository), GIT), "--output=canary", GIT))


def test_output_that_git_never_writes_is_malformed():
    for lines in ([" 3 canaries changed"], ["\x1ecanary"], ["\x1ecanary\x1f\x1f1\x1f1\x1fa"]):
        with pytest.raises(Malformed):
            list(parsed(iter(lines)))


def test_a_clone_of_a_living_process_is_left_alone(served, tmp_path):
    folder = tmp_path / "temporary"
    alive = folder / f"quorum-clone-{os.getppid()}-x"
    alive.mkdir(parents=True)
    with opened(served, Git(folder=folder, seconds=60)):
        assert alive.exists()
