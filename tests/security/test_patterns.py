"""No pattern in the code takes long over any text: each one is tried on texts made to be hard for it."""

import ast
import json
import subprocess
import sys

from tests.architecture.reading import product_code, text_of

CALLS = {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
FIELDS = {"RegexValidator", "Regexp", "RegexField", "re_path"}
# Put together from other constants of theirs.
MADE_OF_CONSTANTS = {"crm/transfer/lists.py", "crm/transfer/values.py"}
# So many of a kind that a pattern which tries all ways of dividing them would not end. Looking
# for one anywhere in a text may take the square of its length: each place is tried.
LONG = 4_000
WORKER = """
import json, re, sys, time
slow = []
for pattern, flags, texts in json.load(sys.stdin):
    try:
        known = re.compile(pattern, flags)
    except re.error:
        continue
    for text in texts:
        for ask, most in ((known.match, 0.5), (known.fullmatch, 0.5), (known.search, 3)):
            started = time.process_time()
            ask(text)
            took = time.process_time() - started
            if took > most:
                slow.append([pattern, text[:20], took])
print(json.dumps(slow))
"""


def patterns():
    """Return every pattern written in the product's code."""
    found = set()
    for name in product_code():
        for node in ast.walk(ast.parse(text_of(name))):
            if isinstance(node, ast.Call) and node.args and _asks(node.func):
                found |= set(_texts(node.args[0]))
    return sorted(found)


def _asks(function):
    if isinstance(function, ast.Attribute):
        of = function.value
        return (
            isinstance(of, ast.Name) and of.id == "re" and function.attr in CALLS
        ) or function.attr in FIELDS
    return isinstance(function, ast.Name) and function.id in FIELDS


def _texts(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        # What is put in stands for one letter or more.
        yield "".join(
            each.value if isinstance(each, ast.Constant) else "[a-z]+" for each in node.values
        )
    elif isinstance(node, ast.BinOp):
        left, right = list(_texts(node.left)), list(_texts(node.right))
        yield "".join((*left, *right))


def hard_texts(pattern):
    """Return long repetitions of what the pattern speaks of, with an end that fits nothing."""
    letters = {each for each in pattern if each.isprintable()} | set("a0 .-@:/<>\"'(),=\n\t一")
    words = {letter * LONG for letter in letters}
    pairs = {f"{one}{two}" * (LONG // 2) for one in "a0 <" for two in "-. /@a=>\n"}
    return [f"{text}{end}" for text in sorted(words | pairs) for end in ("", "\x00!")]


def test_the_patterns_are_found():
    assert len(patterns()) >= 30


def test_every_pattern_answers_hard_texts_at_once():
    work = [(pattern, 0, hard_texts(pattern)) for pattern in patterns()]
    done = subprocess.run(
        [sys.executable, "-c", WORKER],
        input=json.dumps(work), capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip

    assert json.loads(done.stdout) == []


def test_no_text_of_a_person_becomes_a_pattern():
    """A pattern made of a variable has to escape it, or it runs whatever somebody writes."""
    made = {
        name
        for name in product_code()
        for node in ast.walk(ast.parse(text_of(name)))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in CALLS
        and not isinstance(node.args[0], ast.Constant | ast.BinOp)
        and "re.escape" not in ast.unparse(node.args[0])
    }
    assert made == MADE_OF_CONSTANTS
