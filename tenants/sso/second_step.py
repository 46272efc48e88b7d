"""The second step of a log-in, which a provider may have asked for itself."""

from typing import Any

from allauth.mfa.stages import AuthenticateStage

from tenants.members.second_factors import VOUCHED


class SecondStep(AuthenticateStage):
    """Asks for the member's second factor, unless their provider did."""

    def _should_handle(self, request: Any) -> bool:
        user = self.login.user
        if user is not None and request.session.get(VOUCHED) == str(user.pk):
            return False
        return bool(super()._should_handle(request))
