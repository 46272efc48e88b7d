from tenants.members.models import User
from tests.conftest import inside


def test_each_workspace_has_its_own_members(alice, eve, globex):
    assert list(User.objects.values_list("email", flat=True)) == ["alice@acme.test"]
    assert inside(globex, lambda: User.objects.get().email) == "eve@globex.test"
