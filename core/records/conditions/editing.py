"""Changes to a tree of conditions: a part put in, replaced or taken out, named by its place.

A place is the numbers of the parts on the way to it: `1.0`; a `+` at its end stands for a new part.
"""

from dataclasses import replace

from core.records.conditions.tree import Condition, Group, Joint, Part

NEW = "+"
type Place = tuple[int, ...]


def place_of(text: str) -> tuple[Place, bool]:
    """Return the place written here, and whether a new part is to go there."""
    words = text.split(".") if text else []
    is_new = not words or words[-1] == NEW
    numbers = [word for word in words if word != NEW]
    if any(not (word.isascii() and word.isdigit()) for word in numbers):
        return (), True
    return tuple(map(int, numbers)), is_new


def part_at(tree: Group, place: Place) -> Part | None:
    """Return the part at this place; None where there is none."""
    part: Part = tree
    for number in place:
        if isinstance(part, Condition) or number >= len(part.parts):
            return None
        part = part.parts[number]
    return part


def put(tree: Group, text: str, part: Part) -> Group:
    """Return the tree with the part at this place, or added to the group there."""
    return _whole(_put(tree, text, part))


def _put(tree: Group, text: str, part: Part) -> Group:
    place, is_new = place_of(text)
    there = part_at(tree, place)
    if is_new and isinstance(there, Group):
        return _changed(tree, place, replace(there, parts=(*there.parts, part)))
    if is_new and isinstance(there, Condition):
        # A second condition beside one: either of the two.
        return _changed(tree, place, Group("or", (there, part)))
    if there is None or not place:
        return replace(tree, parts=(*tree.parts, part))
    return _changed(tree, place, part)


def without(tree: Group, place: Place) -> Group:
    """Return the tree without the part at this place; groups of one or none are no groups."""
    return _whole(_tidy(_changed(tree, place, None)))


def joined_by(tree: Group, place: Place, joint: Joint) -> Group:
    """Return the tree whose group at this place asks for all, or for any, of its parts."""
    group = part_at(tree, place)
    return _changed(tree, place, replace(group, joint=joint)) if isinstance(group, Group) else tree


def _changed(group: Group, place: Place, part: Part | None) -> Group:
    if not place:
        return part if isinstance(part, Group) else Group()
    number, rest = place[0], place[1:]
    if number >= len(group.parts):
        return group
    inner = group.parts[number]
    new = _changed(inner, rest, part) if rest and isinstance(inner, Group) else part
    kept = (*group.parts[:number], *((new,) if new is not None else ()), *group.parts[number + 1 :])
    return replace(group, parts=kept)


def _whole(tree: Group) -> Group:
    """Return the only group of a tree as the tree."""
    if len(tree.parts) == 1 and isinstance(tree.parts[0], Group):
        return tree.parts[0]
    return tree if len(tree.parts) > 1 else Group("and", tree.parts)


def _tidy(tree: Group) -> Group:
    parts: list[Part] = []
    for part in tree.parts:
        kept = _tidy(part) if isinstance(part, Group) else part
        if isinstance(kept, Group) and len(kept.parts) <= 1:
            parts += kept.parts
        else:
            parts.append(kept)
    return replace(tree, parts=tuple(parts))
