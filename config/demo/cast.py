"""Who works in the demo workspaces, in which teams: enough that everybody sees something else."""

from dataclasses import dataclass

from tenants.members.models import Role
from tenants.provisioning.operations import NewWorkspace


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a demo workspace."""

    email: str
    given_name: str
    family_name: str
    role: str


@dataclass(frozen=True, slots=True)
class Group:
    """A team of a demo workspace; its people are named by their addresses."""

    name: str
    manager: str
    members: tuple[str, ...]
    part_of: str = ""


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo workspace: the company, its people and their teams, those above others first."""

    wanted: NewWorkspace
    people: tuple[Person, ...]
    groups: tuple[Group, ...]


ACME = Demo(
    NewWorkspace("acme", "Acme", "alice@acme.example", "en", "Europe/London", "GB"),
    (
        Person("alice@acme.example", "Alice", "Mercer", Role.Key.OWNER),
        Person("bob@acme.example", "Bob", "Okafor", Role.Key.REP),
        Person("carol@acme.example", "Carol", "Lindqvist", Role.Key.VIEWER),
        Person("dana@acme.example", "Dana", "Whitfield", Role.Key.MANAGER),
        Person("farah@acme.example", "Farah", "Haddad", Role.Key.MANAGER),
        Person("erik@acme.example", "Erik", "Solheim", Role.Key.REP),
        Person("grace@acme.example", "Grace", "Abara", Role.Key.REP),
    ),
    (
        Group("Sales", "dana@acme.example", ("dana@acme.example",)),
        Group("North", "dana@acme.example", ("bob@acme.example", "erik@acme.example"), "Sales"),
        Group("South", "farah@acme.example", ("farah@acme.example", "grace@acme.example"), "Sales"),
    ),
)
HUAXIA = Demo(
    NewWorkspace("huaxia", "华夏科技", "lin@huaxia.example", "zh-hans", "Asia/Shanghai", "CN"),
    (
        Person("lin@huaxia.example", "晓雯", "林", Role.Key.OWNER),
        Person("chen@huaxia.example", "志强", "陈", Role.Key.REP),
        Person("zhao@huaxia.example", "敏", "赵", Role.Key.VIEWER),
        Person("zhou@huaxia.example", "建国", "周", Role.Key.MANAGER),
        Person("wu@huaxia.example", "佳怡", "吴", Role.Key.MANAGER),
        Person("sun@huaxia.example", "浩然", "孙", Role.Key.REP),
        Person("he@huaxia.example", "雨欣", "何", Role.Key.REP),
    ),
    (
        Group("销售部", "zhou@huaxia.example", ("zhou@huaxia.example",)),
        Group(
            "华北区", "zhou@huaxia.example", ("chen@huaxia.example", "sun@huaxia.example"), "销售部"
        ),
        Group("华东区", "wu@huaxia.example", ("wu@huaxia.example", "he@huaxia.example"), "销售部"),
    ),
)
DEMOS = (ACME, HUAXIA)
