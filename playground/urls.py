"""Which address leads where."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from playground import views
from playground.installation.first import first

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("runtime/", include("playground.runtime_files")),
    path("operator/", include("playground.installation.views")),
    path("first/<str:token>", first, name="first-administrator"),
    path("admin/login/", views.admin_login),
    path("admin/", admin.site.urls),
    path("", include("playground.accounts.urls")),
    path("", include("playground.classrooms.urls")),
    path("", include("sessions_app.urls")),
]

handler400 = "playground.errors.bad_request"
handler403 = "playground.errors.forbidden"
handler404 = "playground.errors.not_found"
handler500 = "playground.errors.server_error"
