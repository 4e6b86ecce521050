"""The addresses of the core; docs/protocol.md lists them."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from sessions_app import api, links_api, list_views, views
from sessions_app.exchange import api as exchange_api
from sessions_app.exchange import views as exchange_views


class SessionId:
    """A session's public id."""

    regex = "[0-9a-f]{32}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class BlobName(SessionId):
    """A blob's SHA-256."""

    regex = "[0-9a-f]{64}"


class Token:
    """What may stand for a share link's token; most are wrong ones."""

    regex = "[^/]{1,100}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(SessionId, "session")
register_converter(Token, "token")
register_converter(BlobName, "sha256")

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("sessions", list_views.sessions, name="sessions"),
    path("sessions/change", list_views.change, name="sessions-change"),
    path("s/<session:session>", views.session, name="session"),
    path("j/<token:token>", views.join, name="join"),
    path("sessions/import", exchange_views.bring, name="import"),
    path("transfers/<session:transfer>", exchange_views.follow, name="transfer"),
    path("api/start", api.start, name="api-start"),
    path("api/join", links_api.join, name="api-join"),
    path("api/sessions", api.create, name="api-create"),
    path("api/sessions/<session:session>/state", api.state, name="api-state"),
    path("api/sessions/<session:session>/entries", api.entries, name="api-entries"),
    path("api/sessions/<session:session>/fork", api.fork, name="api-fork"),
    path("api/sessions/<session:session>/exports", exchange_api.exports, name="api-exports"),
    path("api/imports", exchange_api.imports, name="api-imports"),
    path("api/imports/link", exchange_api.from_link, name="api-import-link"),
    path("api/transfers/<session:transfer>", exchange_api.transfer, name="api-transfer"),
    path(
        "api/transfers/<session:transfer>/file",
        exchange_api.transfer_file,
        name="api-transfer-file",
    ),
    path("api/sessions/<session:session>/files/<path:path>", api.file, name="api-file"),
    path("api/sessions/<session:session>/links", links_api.links, name="api-links"),
    path("api/sessions/<session:session>/links/<session:link>", links_api.link, name="api-link"),
    path("api/sessions/<session:session>/links/<session:link>/qr.svg", links_api.qr, name="api-qr"),
    path("api/sessions/<session:session>/blobs/lacks", api.lacks, name="api-lacks"),
    path("api/sessions/<session:session>/blobs/<sha256:name>", api.blob, name="api-blob"),
]
