"""The addresses of classes: ``/c/`` for pupils, ``/classes`` for their teachers."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from playground.classrooms import arriving, teaching
from sessions_app.urls import SessionId

register_converter(SessionId, "classroom")

urlpatterns: list[URLPattern] = [
    path("c", arriving.find, name="class-find"),
    path("c/mine", arriving.mine, name="class-mine"),
    path("c/<str:code>", arriving.come_in, name="class-in"),
    path("c/<str:code>/wait", arriving.wait, name="class-wait"),
    path("c/<str:code>/again", arriving.ask_again, name="class-again"),
    path("classes", teaching.classes, name="classes"),
    path("classes/<classroom:classroom>", teaching.show, name="class"),
    path("classes/<classroom:classroom>/lesson", teaching.lesson, name="class-lesson"),
    path("classes/<classroom:classroom>/code", teaching.code, name="class-code"),
    path("classes/<classroom:classroom>/knocks", teaching.knocks, name="class-knocks"),
    path("classes/<classroom:classroom>/change", teaching.change, name="class-change"),
    path("classes/<classroom:classroom>/cards", teaching.print_cards, name="class-cards"),
    path("classes/<classroom:classroom>/settings", teaching.settings, name="class-settings"),
]
