"""Why a provider's request is not carried out, in SCIM's own words beside ours."""

from django.utils.translation import gettext_lazy as _

from core.errors import OperationError


class Taken(OperationError):
    code = "uniqueness"
    message = _("There is a member or team of this name already.")
    status = 409


class NoAddressThere(OperationError):
    code = "invalidValue"
    message = _("A member needs an e-mail address, as userName or in emails.")
    status = 400


class NoSuchMember(OperationError):
    code = "invalidValue"
    message = _("One of these is not a member here.")
    status = 400


class OwnersAreTheirOwn(OperationError):
    code = "mutability"
    message = _("Owners change their address themselves.")
    status = 403


class ScimForAdmins(OperationError):
    code = "scim_for_admins"
    message = _("Only owners and admins let a provider change members.")
    status = 403
