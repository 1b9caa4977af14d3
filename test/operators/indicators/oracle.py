"""Answers with TA-Lib's values: reads a JSON list of requests and writes a JSON list of answers.

{name, inputs, options} is answered with the outputs. Inputs are series by name, in order, options numbers by name; a
value that is not finite is null. A call that TA-Lib refuses is answered with its message.
{name} is answered with what the function is: group, default of each option, outputs, look-back by default.
"""

import json
import math
import sys

import numpy
import talib
from talib import abstract, get_function_groups


def answer(name, inputs, options):
    series = [numpy.array(values, dtype=float) for values in inputs.values()]
    defaults = abstract.Function(name).parameters
    options = {key: type(defaults[key])(value) for key, value in options.items()}
    try:
        result = getattr(talib, name)(*series, **options)
    except Exception as error:  # TA-Lib raises plain exceptions
        return str(error)
    outputs = result if isinstance(result, tuple) else (result,)
    # A series of whole numbers has no NaN: the wheel fills its look-back with 0.
    whole = outputs[0].dtype.kind == "i"
    start = abstract.Function(name, **options).lookback if whole else 0
    return [[float(v) if i >= start and math.isfinite(v) else None for i, v in enumerate(o)] for o in outputs]


def describe(name):
    function = abstract.Function(name)
    group = next(group for group, names in get_function_groups().items() if name in names)
    return {
        "group": group,
        "options": list(function.parameters.items()),
        "outputs": function.output_names,
        "lookback": function.lookback,
    }


if __name__ == "__main__":
    requests = json.load(sys.stdin)
    json.dump([answer(**r) if "inputs" in r else describe(**r) for r in requests], sys.stdout)
