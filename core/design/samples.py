"""Believable data for the component page: long names, Chinese names, every state."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

PEOPLE = [
    ("Katarzyna Wiśniewska-Lindqvist", "Nordhavn Process Systems A/S", "success", "Customer"),
    ("王建国", "华东精密机械制造有限公司", "primary", "商机"),
    ("阿依古丽·买买提", "新疆丝路国际物流集团", "muted", "线索"),
    ("Nguyễn Thị Minh Châu", "Công ty Cổ phần Cơ khí Đông Á", "warning", "Waiting"),
    (
        "Maximiliane Freifrau von Hohenstein-Waldenburg",
        "Brauerei-Verbund Oberfranken Vertriebsgesellschaft mbH & Co. KG",
        "none",
        "Lost",
    ),
]


def rows() -> list[dict[str, Any]]:
    """Return the rows of the sample table."""
    now = datetime.now(UTC)
    return [
        {
            "name": name,
            "company": company,
            "tone": tone,
            "stage": stage,
            "amount": Decimal(184_000 * (number + 1)),
            "seen_at": now - timedelta(hours=7**number / 6),
        }
        for number, (name, company, tone, stage) in enumerate(PEOPLE)
    ]


def shell(theme: str, sidebar: str, address: str) -> dict[str, Any]:
    """Return what the layouts know of a signed-in member."""
    return {
        "workspace_name": "Halden Instruments",
        "member_name": "Amara Okafor",
        "member_email": "amara.okafor@halden-instruments.com",
        "theme": theme,
        "sidebar": sidebar,
        "shortcuts": True,
        "home_url": f"{address}frames/shell/",
        "search_url": f"{address}search/",
        "settings_url": f"{address}#settings",
        "help_url": f"{address}#help",
        "profile_url": f"{address}#profile",
        "preferences_url": address,
        "language_url": address,
        "logout_url": address,
    }


def navigation(address: str, current: str) -> list[dict[str, Any]]:
    """Return the groups of the sample sidebar."""
    places = [("Contacts", "users", "o"), ("Companies", "building-2", "c")]
    return [
        {
            "label": "Sales",
            "items": [
                {
                    "label": label,
                    "url": address if key == "c" else f"{address}frames/shell/?place={key}",
                    "icon": icon,
                    "key": key,
                    "current": key == current,
                }
                for label, icon, key in places
            ],
        }
    ]
