"""What the API's description says of every endpoint alike: how refusals look."""

from typing import Any

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Why nothing was done (RFC 9457), with a code for programs.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "object",
            "description": "What is wrong with which value, such as phones.0.number.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}
ANSWER = {
    "description": "A refusal.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def describe_refusals(result: Any, generator: Any, request: Any, public: bool) -> Any:
    """Give every endpoint the answer that all of them may give."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    for methods in result["paths"].values():
        for operation in methods.values():
            operation["responses"]["default"] = ANSWER
    return result
