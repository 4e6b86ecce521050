"""How many stored bytes sessions and accounts hold, counted from the links to blobs."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Sum

from sessions_app.models import Blob, BlobLink, EntryBlob, Member, Session


def bytes_of(hashes: Sequence[str]) -> int:
    """Stored bytes of these blobs, each counted once."""
    total = 0
    for start in range(0, len(hashes), 500):
        some = Blob.objects.filter(pk__in=hashes[start : start + 500])
        total += some.aggregate(total=Sum("stored_bytes"))["total"] or 0
    return total


def output_bytes(row: Session) -> int:
    """Stored bytes of the blobs that a session's outputs name."""
    names = EntryBlob.objects.filter(session=row).values_list("blob_id", flat=True).distinct()
    return Blob.objects.filter(pk__in=names).aggregate(total=Sum("stored_bytes"))["total"] or 0


def of_session(row: Session) -> int:
    """Stored bytes of all blobs that belong to a session."""
    links = BlobLink.objects.filter(session=row)
    return links.aggregate(total=Sum("blob__stored_bytes"))["total"] or 0


def of_owner_elsewhere(row: Session) -> int:
    """Stored bytes of the other sessions of this session's owner."""
    owner = Member.objects.filter(session=row, role="owner").values("user")
    others = Session.objects.filter(members__role="owner", members__user__in=owner)
    counted = others.exclude(pk=row.pk).aggregate(total=Sum("stored_bytes"))
    return counted["total"] or 0
