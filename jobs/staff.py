"""Mails to people who are invited to work for a seller."""

from uuid import UUID

from jobs.registry import job
from models.errors import NotFound
from models.staff import get_invitation
from server.context import Context
from server.links import signed


@job("mail.staff_invited")
async def invite_staff(context: Context, ids: dict[str, str]) -> None:
    try:
        invitation = await get_invitation(UUID(ids["invitation_id"]), keyring=context.keyring)
    except NotFound:
        return  # withdrawn meanwhile
    until = int(invitation.expires_at.timestamp())
    path = signed(context.settings, f"/invitations/{invitation.id}", until=until)
    await context.mail.send(
        invitation.email,
        "staff_invited",
        key=f"staff-invited:{invitation.id}:{until}",
        invitation=invitation,
        url=f"{context.settings.site.base_url}{path}",
    )
