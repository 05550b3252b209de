"""Renders templates with Python's Jinja2: JSON requests on stdin, one a line; one answer a line on stdout."""

import base64
import functools
import hashlib
import json
import re
import sys
import urllib.parse
import uuid

import jinja2
from markupsafe import Markup


def pex_url_encode(*pairs):
    return urllib.parse.urlencode(pairs)


def pex_regex_search(pattern, string):
    found = re.search(pattern, string)
    return list(found.groups()) if found else None


FILTERS = {
    "pex_base64": lambda s: base64.b64encode(str(s).encode()).decode(),
    "pex_clean_phone_number": lambda s: re.sub(r"[^+0123456789]", "", s),
    "pex_head": lambda s, n: s[:n],
    "pex_tail": lambda s, n: s[-n:] if n else "",
    "pex_md5": lambda s: hashlib.md5(str(s).encode()).hexdigest(),
    "pex_regex_replace": lambda s, find, replace: re.sub(find, replace, s),
    "pex_reverse": lambda s: s[::-1],
    "pex_strlen": len,
    "pex_to_json": json.dumps,
    "pex_to_uuid": lambda s: str(uuid.UUID(bytes_le=base64.b64decode(s))),
    "pex_update": lambda d, changes: {**d, **changes},
    "pex_url_decode": urllib.parse.unquote_plus,
    "range": range,
}


def environment(autoescape):
    env = jinja2.Environment(autoescape=autoescape)
    env.filters.update(FILTERS)
    env.globals.update(pex_url_encode=pex_url_encode, pex_regex_search=pex_regex_search)
    return env


ENVIRONMENTS = {True: environment(True), False: environment(False)}


@functools.cache
def template(source, autoescape):
    return ENVIRONMENTS[autoescape].from_string(source)


def safe(value):
    """{"__safe__": text} stands for markup."""
    if isinstance(value, dict):
        if set(value) == {"__safe__"}:
            return Markup(value["__safe__"])
        return {key: safe(item) for key, item in value.items()}
    return [safe(item) for item in value] if isinstance(value, list) else value


def answer(request):
    try:
        found = template(request["source"], request["autoescape"])
        return {"text": found.render(safe(request["context"]))}
    except Exception as error:  # what kind it is, is part of the answer
        return {"error": type(error).__name__, "message": str(error)}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
