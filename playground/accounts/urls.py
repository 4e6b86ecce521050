"""Addresses of sign-up, sign-in, recovery and the profile."""

from __future__ import annotations

from django.urls import URLPattern, path

from playground.accounts import keeping, leaving, profile, views

urlpatterns: list[URLPattern] = [
    path("api/visit", views.visit, name="visit"),
    path("sign-up", views.sign_up, name="sign-up"),
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("signed-out", views.signed_out, name="signed-out"),
    path("recover", views.recover, name="recover"),
    path("keep", keeping.keep, name="keep"),
    path("profile", profile.profile, name="profile"),
    path("profile/password", profile.password, name="password"),
    path("profile/recovery-code", profile.recovery_code, name="recovery-code"),
    path("profile/devices", leaving.device_list, name="devices"),
    path("profile/export", leaving.export, name="export"),
    path("profile/export/file", leaving.export_file, name="export-file"),
    path("profile/delete", leaving.delete, name="delete"),
]
