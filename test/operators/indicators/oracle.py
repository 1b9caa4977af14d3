"""Answers with TA-Lib's values: reads a JSON list of {name, inputs, options} and writes a JSON list of their outputs.

Inputs are series by name, options numbers by name; a value that is not finite is null. A call that TA-Lib refuses is
answered with its message.
"""

import json
import math
import sys

import numpy
import talib
from talib import abstract


def answer(name, inputs, options):
    series = [numpy.array(values, dtype=float) for values in inputs.values()]
    try:
        result = getattr(talib, name)(*series, **options)
    except Exception as error:  # TA-Lib raises plain exceptions
        return str(error)
    outputs = result if isinstance(result, tuple) else (result,)
    # A series of whole numbers has no NaN: the wheel fills its look-back with 0.
    whole = outputs[0].dtype.kind == "i"
    start = abstract.Function(name, **options).lookback if whole else 0
    return [[float(v) if i >= start and math.isfinite(v) else None for i, v in enumerate(o)] for o in outputs]


if __name__ == "__main__":
    json.dump([answer(**request) for request in json.load(sys.stdin)], sys.stdout)
