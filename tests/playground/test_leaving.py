"""What belongs to a person alone: devices, the export of everything, codes of the administrator,
deleting everything. Another person's ids lead nowhere."""

from __future__ import annotations

import asyncio
import io
import json
import re
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from playground import tasks
from playground.accounts import actions, exporting
from playground.accounts.devices import family
from playground.accounts.models import DataExport, Device, User
from tests.playground.conftest import PASSWORD, Account, GuestBrowser, Shelf
from tests.playground.test_accounts import sign_in, who

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture(autouse=True)
def own_folder(settings: Settings, tmp_path: object) -> None:
    settings.DATA_DIR = tmp_path


def browser(name: str, agent: str = FIREFOX) -> Client:
    client = Client(headers={"User-Agent": agent})
    assert sign_in(client, name) == 302
    return client


def ids(client: Client) -> list[str]:
    return re.findall(
        r'name="device" value="(\d+)"', client.get("/profile/devices").content.decode()
    )


def body(answer: object) -> bytes:
    assert isinstance(answer, StreamingHttpResponse)

    async def read() -> bytes:
        pieces: AsyncIterator[bytes] = answer.__aiter__()
        return b"".join([piece async for piece in pieces])

    return asyncio.run(read())


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (PHONE, "Safari on an iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("", "A browser"),
        ("<script>" * 9, "A browser"),
    ],
)
def test_a_browser_is_known_by_its_family_alone(agent: str, words: str) -> None:
    assert family(agent) == words


def test_devices_are_listed_and_signed_out(account: Account, shelf: Shelf) -> None:
    account("Ada")
    here, phone = browser("Ada"), browser("Ada", PHONE)
    page = here.get("/profile/devices").content.decode()
    assert "Firefox on Linux" in page
    assert "Safari on an iPhone" in page
    assert page.count("(this browser)") == 1
    key = phone.cookies["playground"].value
    (device,) = ids(here)
    here.post("/profile/devices", {"device": device})
    assert who(phone) is None
    assert who(here) is not None
    assert shelf.ended == [key]
    assert ids(here) == []


def test_other_peoples_devices_stay(account: Account) -> None:
    account("Ada")
    account("Bob")
    ada, bob, bob_too = browser("Ada"), browser("Bob"), browser("Bob")
    (device,) = ids(bob)
    for asked in (device, "others", "x", "-1", "9" * 30):
        ada.post("/profile/devices", {"device": asked})
    assert who(bob) and who(bob_too) and who(ada)
    assert Client().post("/profile/devices", {"device": device})["Location"] == "/sign-in"


def test_no_device_is_left_behind(account: Account, client: Client) -> None:
    account("Ada")
    other = browser("Ada")
    sign_in(client, "Ada")
    assert Device.objects.count() == 2
    new = {"present": PASSWORD, "password": "another-horse-8"}
    assert client.post("/profile/password", new).status_code == 302
    assert who(other) is None
    assert who(client)
    assert [one.session_key for one in Device.objects.all()] == [client.cookies["playground"].value]
    client.post("/sign-out")
    assert not Device.objects.exists()


def test_a_visit_is_noted_now_and_then(guest_browser: GuestBrowser) -> None:
    Device.objects.all().delete()
    guest_browser.post("/api/visit")
    Device.objects.update(last_seen=timezone.now() - timedelta(days=2))
    guest_browser.post("/api/visit")
    device = Device.objects.get()
    assert timezone.now() - device.last_seen < timedelta(minutes=1)
    before = device.last_seen
    guest_browser.post("/api/visit")
    assert Device.objects.get().last_seen == before


def test_an_administrator_makes_a_code_that_works_once(account: Account, client: Client) -> None:
    ada = account("Ada")
    root = User.objects.create_superuser("root", password=PASSWORD)
    staff = Client()
    staff.force_login(root)
    form = {"action": "make_help_code", "_selected_action": [ada.pk]}
    page = staff.post("/admin/accounts/user/", form, follow=True).content.decode()
    found = re.search(r"with ([a-z0-9]{4}(?:-[a-z0-9]{4}){4}),", page)
    assert found
    assert found[1] not in User.objects.get(pk=ada.pk).help_code
    asked = {"username": "Ada", "code": found[1], "password": "another-horse-8"}
    assert client.post("/recover", asked).status_code == 200
    assert sign_in(Client(), "Ada", "another-horse-8") == 302
    assert Client().post("/recover", {**asked, "password": "third-horse-9"}).status_code == 400


def test_a_code_of_the_administrator_is_for_a_day(account: Account, client: Client) -> None:
    ada = account("Ada")
    code = actions.make_help_code(ada)
    User.objects.update(help_code_until=timezone.now() - timedelta(seconds=1))
    asked = {"username": "Ada", "code": code, "password": "another-horse-8"}
    assert client.post("/recover", asked).status_code == 400


def test_staff_makes_no_codes_for_administrators(account: Account) -> None:
    from django.contrib.auth.models import Permission

    root = User.objects.create_superuser("root", password=PASSWORD)
    helper = account("Helper")
    User.objects.filter(pk=helper.pk).update(is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    staff = Client()
    staff.force_login(User.objects.get(pk=helper.pk))
    form = {"action": "make_help_code", "_selected_action": [root.pk]}
    assert staff.post("/admin/accounts/user/", form).status_code == 403
    assert User.objects.get(pk=root.pk).help_code == ""


def test_an_export_has_everything_and_is_for_its_person(account: Account, shelf: Shelf) -> None:
    ada = account("Ada")
    account("Bob")
    shelf.things = {"one": ada.pk, "two": ada.pk}
    mine, other = browser("Ada"), browser("Bob")
    assert mine.get("/profile/export/file").status_code == 404
    assert mine.post("/profile/export").status_code == 302
    assert "starts in a moment" in mine.get("/profile/export").content.decode()
    assert tasks.make_exports() == 1
    assert tasks.make_exports() == 0
    assert "It is ready" in mine.get("/profile/export").content.decode()
    archive = zipfile.ZipFile(io.BytesIO(body(mine.get("/profile/export/file"))))
    assert archive.namelist() == ["account.json", "things/one.json", "things/two.json"]
    known = json.loads(archive.read("account.json"))
    assert (known["name"], known["devices"][0]["browser"]) == ("Ada", "Firefox on Linux")
    assert "password" not in archive.read("account.json").decode()
    for stranger in (other, Client()):
        assert stranger.get("/profile/export/file").status_code == 404


def test_exports_are_kept_for_some_days(account: Account) -> None:
    ada = account("Ada")
    export = exporting.ask(ada)
    tasks.make_exports()
    file = exporting.file_of(export)
    assert file.exists()
    again = exporting.ask(ada)
    assert not file.exists()
    tasks.make_exports()
    DataExport.objects.update(created_at=timezone.now() - timedelta(days=4))
    assert tasks.make_exports() == 1
    assert not exporting.file_of(again).exists()


def test_an_export_of_a_worker_that_died_is_made_again(account: Account) -> None:
    export = exporting.ask(account("Ada"))
    DataExport.objects.update(state="running")
    assert tasks.make_exports() == 0
    DataExport.objects.update(changed_at=timezone.now() - timedelta(hours=1))
    assert tasks.make_exports() == 1
    export.refresh_from_db()
    assert export.state == "done"


def test_deleting_everything_asks_for_the_password(account: Account, shelf: Shelf) -> None:
    ada, bob = account("Ada"), account("Bob")
    shelf.things = {"one": ada.pk, "theirs": bob.pk}
    mine, elsewhere = browser("Ada"), browser("Ada")
    exporting.ask(ada)
    tasks.make_exports()
    assert "1 session of yours" in mine.get("/profile/delete").content.decode()
    wrong = mine.post("/profile/delete", {"present": "wrong-horse-7"})
    assert wrong.status_code == 400
    assert "not your present password" in wrong.content.decode()
    done = mine.post("/profile/delete", {"present": PASSWORD})
    assert "Everything is deleted" in done.content.decode()
    assert not User.objects.filter(pk=ada.pk).exists()
    assert shelf.things == {"theirs": bob.pk}
    assert (who(mine), who(elsewhere)) == (None, None)
    assert not DataExport.objects.exists()
    assert list(exporting.file_of(DataExport()).parent.glob("*")) == []
    assert sign_in(Client(), "Ada") == 400


def test_a_guest_deletes_everything_too(guest_browser: GuestBrowser, shelf: Shelf) -> None:
    guest = who(guest_browser)
    assert guest
    shelf.things = {"one": guest.pk}
    assert guest_browser.post("/profile/delete").status_code == 400
    assert guest_browser.post("/profile/delete", {"sure": "on"}).status_code == 200
    assert shelf.things == {}
    assert not User.objects.exists()


def test_the_only_administrator_stays() -> None:
    User.objects.create_superuser("root", password=PASSWORD)
    root = browser("root")
    assert "only administrator" in root.get("/profile/delete").content.decode()
    assert root.post("/profile/delete", {"present": PASSWORD}).status_code == 400
    User.objects.create_superuser("other", password=PASSWORD)
    assert root.post("/profile/delete", {"present": PASSWORD}).status_code == 200


@pytest.mark.usefixtures("rate_limited")
def test_guessing_the_password_there_is_stopped(account: Account) -> None:
    account("Ada")
    mine = browser("Ada")
    answers = [mine.post("/profile/delete", {"present": "x"}).status_code for _ in range(11)]
    assert answers == [400] * 10 + [429]


def test_pages_of_a_person_are_for_somebody(client: Client) -> None:
    for path in ("/profile/devices", "/profile/export", "/profile/delete"):
        assert client.get(path)["Location"] == "/sign-in"
        assert client.post(path)["Location"] == "/sign-in"


def test_guests_that_nobody_is_any_more_go(account: Account, guest_browser: GuestBrowser) -> None:
    account("Ada")
    User.objects.update(date_joined=timezone.now() - timedelta(days=300))
    assert tasks.clear_guests() == 0
    guest_browser.session.flush()
    assert tasks.clear_sign_ins() == 0
    assert tasks.clear_guests() == 1
    assert [person.username for person in User.objects.all()] == ["Ada"]


@pytest.mark.parametrize("name", ["\u202eabc", "a\u2066b", "\u200f", "a\nb"])
def test_a_name_that_others_see_can_be_seen(guest_browser: GuestBrowser, name: str) -> None:
    answer = guest_browser.post("/profile", {"display_name": name})
    person = who(guest_browser)
    assert person and person.display_name.startswith("Guest ")
    assert answer.status_code == 400
