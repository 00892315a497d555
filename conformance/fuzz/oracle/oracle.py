"""Says of each input whether the models allow it: the oracle of the fuzzer.

It reads what Smithy itself made of the models (see Schemas.java) and judges by the Python jsonschema library: neither
has any code in common with the emulator. One JSON object a line comes in, {service, operation, input}; a line goes out,
`true` or `false`.
"""

import json
import re
import signal
import sys

import jsonschema


def ecma(pattern):
    """The patterns of the models are ECMAScript's: `$` is the very end, `.` is no line end of any kind."""
    out, in_class, escaped = [], False, False
    for char in pattern:
        if not escaped and char == "[":
            in_class = True
        if not escaped and char == "]":
            in_class = False
        plain = not escaped and not in_class
        escaped = char == "\\" and not escaped
        out.append({"$": r"\Z", ".": "[^\n\r\u2028\u2029]"}.get(char, char) if plain else char)
    return re.compile("".join(out), re.ASCII)


PATTERNS = {}


def pattern(_validator, written, instance, _schema):
    if isinstance(instance, str):
        if written not in PATTERNS:
            PATTERNS[written] = ecma(written)
        if not PATTERNS[written].search(instance):
            yield jsonschema.ValidationError(f"{instance!r} does not match {written}")


Validator = jsonschema.validators.extend(jsonschema.Draft7Validator, {"pattern": pattern})


def validators(file):
    with open(file, encoding="utf-8") as opened:
        services = json.load(opened)
    for service, made in services.items():
        for operation, schema in made["inputs"].items():
            whole = {"allOf": [schema], "definitions": made["schemas"]["definitions"]}
            yield (service, operation), Validator(whole)


def main():
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    by_operation = dict(validators(sys.argv[1]))
    for line in sys.stdin:
        asked = json.loads(line)
        verdict = by_operation[asked["service"], asked["operation"]].is_valid(asked["input"])
        print("true" if verdict else "false", flush=True)


main()
