"""Coming to a session again renews the guest's cookie."""

from __future__ import annotations

from tests.e2e.person import Person

HALF_A_YEAR_S = 180 * 24 * 3600


def test_each_visit_renews_the_cookie(ada: Person) -> None:
    (cookie,) = (one for one in ada.context.cookies() if one["httpOnly"])
    old = {**cookie, "expires": cookie["expires"] - 100 * 24 * 3600}
    ada.context.add_cookies([old])
    with ada.page.expect_response("**/api/visit") as answer:
        ada.page.reload()
    assert answer.value.ok
    (renewed,) = (one for one in ada.context.cookies() if one["httpOnly"])
    now = ada.page.evaluate("Date.now() / 1000")
    assert renewed["expires"] - now > HALF_A_YEAR_S
