"""People in Django's admin, for staff."""

from __future__ import annotations

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from playground.accounts import actions
from playground.accounts.models import Device, User


@admin.register(User)
class PersonAdmin(UserAdmin[User]):
    """Lists guests and accounts apart."""

    list_display = ("username", "display_name", "is_guest", "is_teacher", "is_staff", "last_login")
    list_filter = ("is_guest", "is_pupil", "is_teacher", "is_staff", "is_active")
    search_fields = ("username", "display_name", "email")
    ordering = ("-date_joined",)
    actions = ("make_help_code",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("display_name", "email", "is_guest")}),
        ("Rights", {"fields": ("is_active", "is_teacher", "is_staff", "is_superuser", "groups")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )

    @admin.action(description=_("Make a code to set a new password"), permissions=["change"])
    def make_help_code(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Show a code that lets each of these people set a new password, once, within a day."""
        for person in queryset[:20]:
            if person.is_guest:
                messages.warning(request, _("%s is a guest and has no password.") % person)
                continue
            if (person.is_staff or person.is_superuser) and not request.user.is_superuser:
                raise PermissionDenied
            code = actions.make_help_code(person)
            self.log_change(request, person, "Made a code to set a new password.")
            words = {"name": person.username, "code": code}
            text = _("%(name)s can set a new password at /recover with %(code)s, once, today.")
            messages.success(request, text % words)


@admin.register(Device)
class DeviceAdmin(admin.ModelAdmin[Device]):
    """Where people are signed in, without the keys."""

    list_display = ("user", "browser", "created_at", "last_seen")
    list_select_related = ("user",)
    exclude = ("session_key",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Device | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Device | None = None) -> bool:
        return False
