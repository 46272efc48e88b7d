"""What a new workspace starts with: stages and tags, which people then make their own."""

from typing import Any

from crm.customers.models.labels import LifecycleStage, Tag, Tone

STAGES = {
    "lead": Tone.NEUTRAL,
    "opportunity": Tone.BRAND,
    "customer": Tone.SUCCESS,
    "former": Tone.WARNING,
}
TAGS = {
    "vip": Tone.BRAND,
    "partner": Tone.INFO,
    "decision_maker": Tone.SUCCESS,
    "newsletter": Tone.NEUTRAL,
}


def seed_customers_defaults() -> None:
    """Make the stages and tags a workspace starts with; those already there stay."""
    models: list[tuple[Any, dict[str, Tone]]] = [(LifecycleStage, STAGES), (Tag, TAGS)]
    for model, labels in models:
        known = set(model.objects.values_list("key", flat=True))
        model.objects.bulk_create(
            [
                model(key=key, tone=tone, position=position)
                for position, (key, tone) in enumerate(labels.items())
                if key not in known
            ]
        )
