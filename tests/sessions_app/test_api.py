"""The addresses over HTTP: who may, what is answered, and that reading writes nothing."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from playground.accounts.models import User
from sessions_app import actions, blobs, queries
from sessions_app import protocol as p
from sessions_app.models import Member, Session
from tests.sessions_app.helpers import Page, state

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(ada: User) -> Client:
    """Ada's browser."""
    client = Client()
    client.force_login(ada)
    return client


@pytest.fixture
def stranger(bob: User) -> Client:
    """A signed-in person who is no member."""
    client = Client()
    client.force_login(bob)
    return client


@pytest.fixture
def viewer(session: str, person: Callable[[str], User]) -> Client:
    """A member who may only look."""
    user = person("vera")
    Member.objects.create(session_id=uuid.UUID(session), user=user, role="viewer")
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def limited(settings: Any) -> Iterator[Any]:
    """Rate limits in force."""
    settings.PLAYGROUND_RATE_LIMITS = True
    cache.clear()
    yield settings
    cache.clear()


def name_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def put(client: Client, session: str, data: bytes, **changes: Any) -> Any:
    headers = {"X-Blob-Size": str(len(data)), "Content-Encoding": "gzip"}
    return client.put(
        f"/api/sessions/{session}/blobs/{changes.pop('name', name_of(data))}",
        changes.pop("body", gzip.compress(data)),
        content_type="application/octet-stream",
        headers=headers | changes,
    )


def post(client: Client, path: str, value: Any) -> Any:
    return client.post(path, value, content_type="application/json")


def row_counts() -> dict[str, list[Any]]:
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
    }


def test_a_newcomer_becomes_a_guest_by_post_only() -> None:
    client = Client()
    page = client.get("/")
    assert (page.status_code, User.objects.count()) == (200, 0)
    answer = client.post("/api/start")
    assert answer.status_code == 201
    session = answer.json()["id"]
    assert answer.json()["url"] == f"/s/{session}"
    assert User.objects.get().is_guest
    assert client.get("/").headers["Location"] == f"/s/{session}"
    assert client.post("/api/start").json()["id"] == session
    assert Session.objects.count() == 1


def test_below_free_disk_new_guests_are_refused_first(settings: Any, browser: Client) -> None:
    settings.PLAYGROUND_FREE_DISK_PERCENT = 101
    answer = Client().post("/api/start")
    assert (answer.status_code, answer.json()["code"]) == (507, "storage")
    assert not User.objects.filter(is_guest=True).exists()
    assert browser.post("/api/start").status_code == 201


def test_guests_are_rate_limited(limited: Any) -> None:
    limited.PLAYGROUND_RATES = {"guests": type("Rate", (), {"count": 2, "seconds": 3600})()}
    answers = [Client().post("/api/start") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]


def test_posts_need_the_csrf_token(session: str, ada: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    for path in ("/api/start", "/api/sessions", f"/api/sessions/{session}/fork", "/sessions"):
        assert client.post(path).status_code == 403
    assert put(client, session, b"x").status_code == 403
    client.get("/sessions")
    token = client.cookies["csrftoken"].value
    assert client.post("/api/start", headers={"X-CSRFToken": token}).status_code == 201
    null = {"X-CSRFToken": token, "Origin": "null"}
    assert client.post("/api/start", headers=null).status_code == 403
    form = client.post("/api/sessions", {"csrfmiddlewaretoken": token})
    assert (form.status_code, form.json()["code"]) == (400, "invalid")


def test_create(browser: Client) -> None:
    answer = post(browser, "/api/sessions", {"title": "Mine", "runtime": "python"})
    assert answer.status_code == 201
    assert state(answer.json()["id"]).title == "Mine"
    for wrong in ({"title": 1}, {"titel": "x"}, [], {"title": "a\nb"}, {"runtime": "cobol"}):
        refused = post(browser, "/api/sessions", wrong)
        assert (refused.status_code, refused.json()["code"]) == (400, "invalid")
    assert post(Client(), "/api/sessions", {}).status_code == 403
    huge = post(browser, "/api/sessions", {"title": "x" * 70_000})
    assert huge.json()["code"] == "too-large"
    nested = browser.post("/api/sessions", "[" * 50_000, content_type="application/json")
    assert nested.status_code == 400


def test_the_page_carries_the_state(browser: Client, runner: Page) -> None:
    runner.run("print('</script><!--')", "</script> & \x00 \u2028\n")
    html = browser.get(f"/s/{runner.session}").content.decode()
    found = re.search(r'<script id="page-data" type="application/json">(.*?)</script>', html, re.S)
    assert found is not None
    data = json.loads(found[1])
    embedded = msgspec.convert(data["state"], p.SessionState)
    assert embedded == queries.load_state(runner.session)
    assert (data["socket"], data["role"]) == (f"/ws/sessions/{runner.session}", "owner")
    assert data["limits"]["variableBytes"] == 10 * 2**20
    assert data["limits"]["totalBytes"] == 100 * 2**20


def test_the_page_carries_the_limits_of_the_settings(
    browser: Client, session: str, settings: Any
) -> None:
    settings.PLAYGROUND_VARIABLE_BYTES = 3_000
    settings.PLAYGROUND_SESSION_BYTES = 50_000

    def found() -> dict[str, int]:
        html = browser.get(f"/s/{session}").content.decode().replace(" ", "")
        pairs = re.findall(r'"(variableBytes|fileBytes|totalBytes)":(\d+)', html)
        return {name: int(number) for name, number in pairs}

    assert found() == {"variableBytes": 3_000, "fileBytes": 3_000, "totalBytes": 50_000}
    settings.PLAYGROUND_MAX_BLOB_BYTES = 2_000
    assert found() == {"variableBytes": 2_000, "fileBytes": 2_000, "totalBytes": 50_000}


def test_who_is_no_member_finds_nothing(stranger: Client, session: str) -> None:
    missing = uuid.uuid4().hex
    for client in (stranger, Client()):
        assert client.get(f"/s/{session}").status_code == 404
        for path in ("state", "entries?before=5", f"blobs/{'0' * 64}"):
            theirs = client.get(f"/api/sessions/{session}/{path}")
            nobodys = client.get(f"/api/sessions/{missing}/{path}")
            assert theirs.status_code == nobodys.status_code == 404
            assert theirs.content == nobodys.content
        assert client.post(f"/api/sessions/{session}/fork").status_code == 404
        assert put(client, session, b"x").status_code == 404


def test_state_and_entries(browser: Client, runner: Page) -> None:
    runner.run("1")
    answer = browser.get(f"/api/sessions/{runner.session}/state")
    assert msgspec.json.decode(answer.content, type=p.SessionState) == state(runner.session)
    listed = browser.get(f"/api/sessions/{runner.session}/entries?before=2").json()
    assert [entry["number"] for entry in listed] == [1]
    for wrong in ("", "0", "-1", "x", "1" * 30, "000000000001" + "9" * 30, "²"):
        assert (
            browser.get(f"/api/sessions/{runner.session}/entries", {"before": wrong}).status_code
            == 400
        )


def test_fork(browser: Client, viewer: Client, runner: Page) -> None:
    runner.run("1")
    answer = post(browser, f"/api/sessions/{runner.session}/fork", {"number": 1})
    assert answer.status_code == 201
    assert len(state(answer.json()["id"]).entries) == 1
    wrong = post(browser, f"/api/sessions/{runner.session}/fork", {"number": 9})
    assert wrong.json()["code"] == "invalid"
    assert post(viewer, f"/api/sessions/{runner.session}/fork", {}).status_code == 403


def test_a_blob_there_and_back(browser: Client, session: str) -> None:
    data = b"values " * 1000
    asked = [name_of(data), "0" * 64]
    path = f"/api/sessions/{session}/blobs"
    assert post(browser, f"{path}/lacks", {"hashes": asked}).json() == {"lacks": asked}
    assert put(browser, session, data).status_code == 204
    assert put(browser, session, data).status_code == 204
    assert post(browser, f"{path}/lacks", {"hashes": asked}).json() == {"lacks": asked[1:]}
    plain = browser.get(f"{path}/{name_of(data)}")
    assert plain.content == data
    packed = browser.get(f"{path}/{name_of(data)}", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == data
    assert "immutable" in packed.headers["Cache-Control"]
    assert "private" in packed.headers["Cache-Control"]
    assert packed.headers["Content-Disposition"].startswith("attachment")
    assert packed.headers["X-Content-Type-Options"] == "nosniff"


def test_wrong_uploads(browser: Client, session: str) -> None:
    data = b"data" * 100
    wrong = [
        put(browser, session, data, name="0" * 64),
        put(browser, session, data, body=gzip.compress(data)[:-9]),
        put(browser, session, data, **{"X-Blob-Size": "5"}),
        put(browser, session, data, **{"X-Blob-Size": "-1"}),
        put(browser, session, data, **{"X-Blob-Size": "many"}),
        put(browser, session, data, **{"Content-Encoding": "br"}),
        put(browser, session, data, **{"Content-Encoding": ""}),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in wrong] == [
        (400, "invalid")
    ] * len(wrong)
    large = put(browser, session, data, **{"X-Blob-Size": str(10**12)})
    assert (large.status_code, large.json()["code"]) == (413, "too-large")
    hashes = post(browser, f"/api/sessions/{session}/blobs/lacks", {"hashes": ["../../x"]})
    assert hashes.status_code == 400


def test_a_hash_alone_gives_nothing(
    browser: Client, stranger: Client, session: str, bob: User
) -> None:
    data = b"secret"
    put(browser, session, data)
    theirs = actions.create_session(bob.pk)
    path = f"/api/sessions/{theirs}/blobs"
    assert stranger.get(f"{path}/{name_of(data)}").status_code == 404
    lacks = post(stranger, f"{path}/lacks", {"hashes": [name_of(data)]})
    assert lacks.json() == {"lacks": [name_of(data)]}


def test_a_viewer_reads_outputs_not_values(viewer: Client, runner: Page) -> None:
    values, image = runner.upload(b"values"), runner.upload(b"image")
    runner.push(
        p.StartExecution(1, "plot()"),
        p.AppendOutput(1, (p.DisplayData({}, {"image/png": image}),)),
    )
    path = f"/api/sessions/{runner.session}/blobs"
    assert viewer.get(f"{path}/{image.hash}").content == b"image"
    assert viewer.get(f"{path}/{values.hash}").status_code == 404
    assert put(viewer, runner.session, b"mine").status_code == 403
    assert post(viewer, f"{path}/lacks", {"hashes": []}).status_code == 403


def test_a_refused_upload_leaves_nothing(browser: Client, session: str, settings: Any) -> None:
    settings.PLAYGROUND_SESSION_BYTES = settings.PLAYGROUND_ACCOUNT_BYTES = 0
    assert put(browser, session, b"no room for this").json()["code"] == "limit"
    assert not blobs.exists(name_of(b"no room for this"))


def test_an_upload_that_is_refused_here_stays_elsewhere(
    browser: Client, session: str, settings: Any, ada: User
) -> None:
    put(browser, session, b"shared")
    other = actions.create_session(ada.pk)
    settings.PLAYGROUND_SESSION_BYTES = settings.PLAYGROUND_ACCOUNT_BYTES = 0
    assert put(browser, other, b"shared").json()["code"] == "limit"
    assert blobs.exists(name_of(b"shared"))


def test_uploads_are_rate_limited(browser: Client, session: str, limited: Any) -> None:
    limited.PLAYGROUND_RATES = {"uploads": type("Rate", (), {"count": 2, "seconds": 60})()}
    codes = [put(browser, session, b"%d" % i).status_code for i in range(3)]
    assert codes == [204, 204, 429]


def test_reading_writes_nothing(browser: Client, viewer: Client, runner: Page) -> None:
    runner.run("1", "out")
    runner.push(runner.snapshot(b"values"))
    ref = state(runner.session).snapshots[0].manifest.hash
    base = f"/api/sessions/{runner.session}"
    paths = ["/", "/sessions", f"/s/{runner.session}", f"{base}/state"]
    paths += [f"{base}/entries?before=9", f"{base}/blobs/{ref}", "/s/" + "0" * 32]
    before = row_counts()
    for client in (browser, viewer, Client()):
        for path in paths:
            with CaptureQueriesContext(connection) as captured:
                client.get(path)
                client.head(path)
            written = [q["sql"] for q in captured if not _reads(q["sql"])]
            assert written == [], path
    assert row_counts() == before


def _reads(sql: str) -> bool:
    words = ("SELECT", "BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET TRANSACTION")
    return sql.lstrip().upper().startswith(words)


def test_the_list_of_sessions(browser: Client, session: str, bob: User) -> None:
    Session.objects.update(title="<b>Mine</b>", idle=True)
    html = browser.get("/sessions").content.decode()
    assert "&lt;b&gt;Mine&lt;/b&gt;" in html
    assert f"/s/{session}" in html
    assert browser.post("/sessions").status_code == 302
    assert Session.objects.count() == 2
    assert Client().get("/sessions").status_code == 302
    empty = Client()
    empty.force_login(bob)
    assert "no sessions yet" in empty.get("/sessions").content.decode()


@pytest.mark.parametrize("path", ["/s/nonsense", "/api/sessions/nonsense/state", "/s/../../x"])
def test_ids_have_one_form(browser: Client, path: str) -> None:
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_reading_addresses_take_no_other_method(browser: Client, session: str, method: str) -> None:
    assert getattr(browser, method)(f"/api/sessions/{session}/state").status_code == 405
