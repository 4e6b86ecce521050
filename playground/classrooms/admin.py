"""Classes in Django's admin, to look at: what pupils wrote is not here."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from playground.classrooms.models import Classroom


@admin.register(Classroom)
class ClassroomAdmin(admin.ModelAdmin[Classroom]):
    """Lists classes; they are changed on their own pages."""

    list_display = ("name", "joining", "archived", "created_at")
    list_filter = ("archived",)
    search_fields = ("name",)
    exclude = ("code",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Classroom | None = None) -> bool:
        return False
