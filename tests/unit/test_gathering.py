"""Pages are gathered, and no group holds a row twice."""

from types import SimpleNamespace

import pyarrow as pa

from orchestration import gathering

SYSTEM = SimpleNamespace(
    streams=[SimpleNamespace(name="changes", parent=None), SimpleNamespace(name="reviews", parent=1)]
)


def page(*keys):
    return SimpleNamespace(rows=len(keys), replaced={"changes": pa.table({"change_key": list(keys)})})


def sizes(pages):
    return [len(group) for group in gathering.gathered(SYSTEM, pages)]


def test_small_pages_go_together_and_none_is_lost(monkeypatch):
    monkeypatch.setattr(gathering, "OFTEN", 60)
    assert sizes([page(str(at)) for at in range(50)]) == [50]
    assert sizes([]) == []


def test_a_page_that_replaces_what_the_group_holds_waits_for_the_next(monkeypatch):
    monkeypatch.setattr(gathering, "OFTEN", 60)
    assert sizes([page("a"), page("b"), page("a", "c"), page("d")]) == [2, 2]


def test_a_group_is_neither_large_nor_old(monkeypatch):
    monkeypatch.setattr(gathering, "OFTEN", 60)
    monkeypatch.setattr(gathering, "ENOUGH", 3)
    assert sizes([page(f"{at}x", f"{at}y") for at in range(6)]) == [2, 2, 2]
    monkeypatch.setattr(gathering, "OFTEN", 0)
    assert sizes([page(str(at)) for at in range(4)]) == [1, 1, 1, 1]
