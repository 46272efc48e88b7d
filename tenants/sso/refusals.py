"""Why somebody is not let in through a provider."""

from django.utils.translation import gettext_lazy as _

from core.errors import OperationError


class SignInFailed(OperationError):
    """What the provider sent proves nothing here. `reason` is for whoever tests the connection."""

    code = "sign_in_failed"
    message = _("The sign-in did not work. Start again from the sign-in page.")
    status = 403

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


class Cancelled(SignInFailed):
    code = "sign_in_cancelled"
    message = _("The sign-in was cancelled at the provider.")


class NotAskedAnew(SignInFailed):
    code = "not_asked_anew"
    message = _("The provider did not ask who you are just now, or does not say so.")


class NotConfirmed(OperationError):
    code = "address_not_confirmed"
    message = _(
        "The provider does not confirm your e-mail address. Ask an admin to add its domain to the connection."
    )
    status = 403


class NoAddress(OperationError):
    code = "no_address"
    message = _("The provider told no e-mail address. Ask an admin to look at the connection.")
    status = 403


class NotInvited(OperationError):
    code = "not_invited"
    message = _("You are not a member here yet. Ask an admin to invite you.")
    status = 403


class NoRole(OperationError):
    code = "no_role"
    message = _("None of your groups has a role here. Ask an admin.")
    status = 403


class Closed(OperationError):
    code = "login_closed"
    message = _("Your account was closed. Ask an admin to open it again.")
    status = 403


class BeyondReach(OperationError):
    code = "beyond_reach"
    message = _(
        "This connection was set up by somebody with fewer rights than yours, so you cannot come in through it. Sign in with your password."
    )
    status = 403


class SetUpByMore(OperationError):
    code = "set_up_by_more"
    message = _(
        "Somebody with more rights than yours set this connection up. Only who has those can change whom it makes what."
    )
    status = 403


class NotTested(OperationError):
    code = "not_tested"
    message = _("Test the connection first; it can be switched on once a test has worked.")


class NothingToEnforce(OperationError):
    code = "nothing_to_enforce"
    message = _("Switch a connection on first.")


class NoWayBack(OperationError):
    code = "no_way_back"
    message = _(
        "An owner needs two-step verification first, so that somebody gets in when the provider fails."
    )


class StillEnforced(OperationError):
    code = "still_enforced"
    message = _("Members sign in through this connection only. Let them use passwords again first.")


class NeverOwner(OperationError):
    code = "never_owner"
    message = _("Nobody becomes an owner through a group.")
