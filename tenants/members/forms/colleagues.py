"""What admins decide about a member: role, teams, and who takes over when they leave."""

from typing import Any

from tenants.members.forms.places import RoleAndTeamsForm, SuccessorForm, roles_of
from tenants.members.models import Role, User


class MemberForm(RoleAndTeamsForm):
    """A member's role and teams; only roles the admin may give are offered."""

    def __init__(
        self, *args: Any, roles: list[Role], may_teams: bool, may_role: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer(roles_of(roles), may_teams=may_teams)
        self.fields["role"].disabled = not may_role


class LeavingForm(SuccessorForm):
    """Who gets what a member leaves behind."""

    def __init__(self, *args: Any, member: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(User.objects.active_people().exclude(pk=member.pk))
