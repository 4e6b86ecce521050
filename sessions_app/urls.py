"""The addresses of the core; docs/protocol.md lists them."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from sessions_app import api, views


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


register_converter(SessionId, "session")
register_converter(BlobName, "sha256")

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("sessions", views.sessions, name="sessions"),
    path("s/<session:session>", views.session, name="session"),
    path("api/start", api.start, name="api-start"),
    path("api/sessions", api.create, name="api-create"),
    path("api/sessions/<session:session>/state", api.state, name="api-state"),
    path("api/sessions/<session:session>/entries", api.entries, name="api-entries"),
    path("api/sessions/<session:session>/fork", api.fork, name="api-fork"),
    path("api/sessions/<session:session>/blobs/lacks", api.lacks, name="api-lacks"),
    path("api/sessions/<session:session>/blobs/<sha256:name>", api.blob, name="api-blob"),
]
