"""The home folder: what the page may ask, and what a snapshot takes of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from playground_runtime import bridge
from playground_runtime.errors import RefusedError

BAD = ["", "../x", "../../x", "/etc/x", "a/../b", "./a", "a//b", "a/", "a\\b", "a\0b", "x" * 401]


@pytest.mark.parametrize("path", [*BAD, "\ud83d"])
def test_bad_paths_are_refused(session: Any, path: str) -> None:
    for call in (
        session.session.home.read,
        session.session.home.remove,
        lambda one: session.session.home.write(one, b""),
    ):
        with pytest.raises(RefusedError) as caught:
            call(path)
        assert json.loads(str(caught.value))["code"] == "invalid"


def test_files_are_written_listed_read_and_removed(session: Any) -> None:
    home = session.session.home
    session.ok("import os\nos.mkdir('data')\nopen('data/a.csv', 'w').write('x,y\\n1,2\\n')")
    home.write("deep/er/note.txt", b"hello")
    assert [(row["path"], row["sizeBytes"]) for row in home.rows()] == [
        ("data/a.csv", 8),
        ("deep/er/note.txt", 5),
    ]
    assert home.read("data/a.csv") == b"x,y\n1,2\n"
    assert session.run("open('deep/er/note.txt').read()").text == "'hello'"
    home.remove("data/a.csv")
    home.remove("deep")
    assert home.rows() == []
    for path, code in (("missing", "not-found"), ("data/a/b", "not-found"), ("data", "invalid")):
        with pytest.raises(RefusedError) as caught:
            home.read(path)
        assert caught.value.code == code
    with pytest.raises(RefusedError):
        home.write("data", b"")


def test_links_lead_nowhere(session: Any, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("s")
    (session.home / "door").symlink_to(tmp_path / "outside")
    (session.home / "key").symlink_to(tmp_path / "outside" / "secret")
    home = session.session.home
    assert home.rows() == []
    for path in ("door/secret", "key", "door"):
        with pytest.raises(RefusedError):
            home.read(path)
    with pytest.raises(RefusedError):
        home.write("door/new", b"")
    header = session.capture()
    assert {row["name"] for row in header["unsaved"]} == {"door", "key"}
    home.remove("door")
    assert (tmp_path / "outside" / "secret").exists()


def test_home_is_the_working_directory_and_on_the_path(session: Any) -> None:
    session.ok("open('tool_of_mine.py', 'w').write('value = 6')\nimport tool_of_mine")
    assert session.run("tool_of_mine.value").text == "6"


def test_unchanged_files_keep_their_blob(session: Any) -> None:
    session.ok("open('a', 'w').write('one'); open('b', 'w').write('one')")
    first = session.capture()
    assert len({row["blob"] for row in first["files"]}) == 1
    session.ok("open('a', 'w').write('two')")
    second = session.capture()
    changed = {row["path"]: row["blob"] for row in second["files"]}
    assert changed["b"] == first["files"][0]["blob"]
    assert session.blobs[changed["a"]] == b"two"
    third = session.capture()
    assert third["new"] == [] and third["files"] == second["files"]


def test_limits_of_files(session: Any) -> None:
    session.ok("import os\nopen('big', 'w').write('x' * 5000)\nopen('ok', 'w').write('y' * 900)")
    assert session.unsaved(fileBytes=1000) == {
        "big": "too large: 5,000 bytes, the limit is 1,000 bytes"
    }
    session.ok("os.mkfifo('pipe')\nopen(b'bad\\xff', 'w').close()")
    assert set(session.unsaved()) == {"pipe", "bad\ufffd"}


def test_a_tree_is_restored_with_empty_folders(sessions: Any) -> None:
    first = sessions()
    first.ok(
        "from pathlib import Path\np = Path('proj/src'); p.mkdir(parents=True)\n"
        "(p / 'b.bin').write_bytes(bytes(range(256))); Path('empty/in').mkdir(parents=True)\n"
        "import os; os.utime(p / 'b.bin', (1000, 1000)); os.chdir('proj')"
    )
    header = first.capture()
    assert header["directories"] == ["empty", "empty/in", "proj", "proj/src"]
    second = sessions()
    second.ok("open('left over', 'w').close()")
    assert second.restore(header, first.blobs)["failed"] == []
    assert second.run("os.getcwd()").text == repr(str(second.home / "proj"))
    assert second.run("sorted(map(str, Path('..').rglob('*')))").text == (
        "['../empty', '../empty/in', '../proj', '../proj/src', '../proj/src/b.bin']"
    )
    assert second.run("(p.name, Path('src/b.bin').stat().st_mtime)").text == "('src', 1000.0)"
    again = second.capture()
    assert again["files"] == header["files"]
    assert not {row["blob"] for row in again["files"]} & set(again["new"])


def test_the_bridge_speaks_json(tmp_path: Path, session: Any) -> None:
    bridge.start(session.hooks, json.dumps({"home": str(tmp_path / "bridge")}))
    answer = bridge.execute(json.dumps({"number": 1, "source": "x = [1]", "whole": False}))
    assert json.loads(answer)["status"] == "ok"  # type: ignore[arg-type]
    assert json.loads(bridge.variables())[0]["name"] == "x"
    assert bridge.status("def f():") == "incomplete"
    bridge.write_file("a.txt", b"text")
    assert bridge.read_file("a.txt") == b"text"
    limits = {"variableBytes": 10**6, "fileBytes": 10**6, "totalBytes": 10**7}
    head, *blobs = bridge.capture(json.dumps(limits))
    header = json.loads(head)
    assert header["new"] == [1, 2, 3] and len(blobs) == 3
    found = json.loads(bridge.ask("check", json.dumps({"source": "1 +* 2"})))
    assert [one["from"] for one in found["problems"]] == [3]
    bridge.clear('["x"]')
    assert bridge.variables() == "[]"
    bridge.remove_file("a.txt")
    report = json.loads(bridge.restore(json.dumps({**header, "blobIds": header["new"]}), blobs))
    assert report["restored"] == ["x"] and report["failed"] == []
    assert json.loads(bridge.list_files())[0]["path"] == "a.txt"
    bridge.clear(None)
    assert bridge.variables() == "[]"
    with pytest.raises(RefusedError):
        bridge.read_file("../x")
    assert json.loads(bridge.refusal())["code"] == "invalid"
    bridge.reseed()
    bridge.cancel()
