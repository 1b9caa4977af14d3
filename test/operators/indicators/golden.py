"""Makes golden/*.json, one file for each group of TA-Lib: python golden.py, with the wheel that .ci/run installs.

Each function is called with its defaults, its smallest periods, other periods and types of average, on a walk of prices,
on a walk with many equal values and rows without a range or a volume, and on prices that never move. Every value has 12
significant digits. Candle patterns are looked for in candles.json; of them only rows with a signal are written.
"""

import json
import pathlib

from talib import abstract, get_function_groups

from oracle import answer

FOLDER = pathlib.Path(__file__).parent / "golden"
ROWS = 120
# TA-Lib's names of inputs, in the order in which a function takes them.
BARS = ("open", "high", "low", "close", "volume")
# Smallest periods that are not 2.
SMALLEST = {
    **dict.fromkeys("SMA EMA WMA DEMA TEMA TRIMA KAMA T3 MA MOM ROC ROCP ROCR ROCR100 TRIX ATR NATR".split(), 1),
    **dict.fromkeys("PLUS_DM MINUS_DM PLUS_DI MINUS_DI VAR BETA CORREL STOCH STOCHF ULTOSC MAVP MACDFIX".split(), 1),
}
REAL = {
    "BBANDS": {"nbdevup": 1.0, "nbdevdn": 2.5},
    "STDDEV": {"nbdev": 2.0},
    "VAR": {"nbdev": 2.0},
    "T3": {"vfactor": 0.0},
    "MAMA": {"fastlimit": 0.3, "slowlimit": 0.1},
    "SAR": {"acceleration": 0.3, "maximum": 0.2},
    "SAREXT": {
        "startvalue": -101.0,
        "offsetonreverse": 0.01,
        "accelerationinitlong": 0.03,
        "accelerationlong": 0.05,
        "accelerationmaxlong": 0.3,
        "accelerationinitshort": 0.1,
        "accelerationshort": 0.01,
        "accelerationmaxshort": 0.08,
    },
}


def numbers(seed):
    """Yields whole numbers from 0 to 999; the same on every platform."""
    while True:
        seed = (seed * 1103515245 + 12345) % 2**31
        yield seed // 2**16 % 1000


def walk(seed, step, range_of):
    """Makes bars whose close moves by step(draw) and which reach beyond open and close by range_of(draw)."""
    draw = numbers(seed)
    bars = {name: [] for name in BARS}
    close = 100.0
    for _ in range(ROWS):
        first = close
        close = round(first + step(next(draw)), 2)
        bars["open"].append(first)
        bars["close"].append(close)
        bars["high"].append(round(max(first, close) + range_of(next(draw)), 2))
        bars["low"].append(round(min(first, close) - range_of(next(draw)), 2))
        bars["volume"].append(float(max(0, next(draw) * 10 - 2000)))
    bars["periods"] = [float(next(draw) % 40) for _ in range(ROWS)]
    return bars


def all_series():
    moving = walk(1, lambda n: (n - 490) / 400, lambda n: n / 1000)
    equal = walk(2, lambda n: n % 3 - 1, lambda n: n % 2)
    still = walk(3, lambda n: 0, lambda n: 0)
    still["volume"] = [0.0] * ROWS
    for series in (moving, equal, still):
        # Between -1 and 1, so that every function of one number is defined somewhere and not everywhere.
        series["unit"] = [round((v - 100) / 8, 6) for v in series["close"]]
    return {"moving": moving, "equal": equal, "still": still}


# Candles as (open, high, low, close) above the close before, of patterns that a random walk hardly ever makes.
PLANTED = [
    [(0, 22, -2, 20), (30, 32, 24, 25), (28, 29, 9, 10)],
    [(0, 22, -2, 20), (25, 26, 22, 23), (27, 28, 21, 22)],
    [(20, 21, -30, 0), (5, 6, -20, -5), (-6, -6, -8, -8)],
    [(20, 21, -1, 0), (-5, -4, -9, -8), (-9, -7, -12, -10), (-11, -10, -15, -14), (-14, -1, -15, -2)],
    [(20, 20, 0, 0), (2, 2, -15, -15), (-18, -10, -23, -22), (-9, -8, -25, -24)],
    [(20, 21, 9, 10), (15, 16, 4, 5), (8, 9, -1, 0), (4, 8, -4, -3), (5, 13, 4, 12)],
    [(0, 21, -1, 20), (26, 27, 23, 24), (23, 24, 18, 19), (20, 21, 16, 17), (19, 31, 18, 30)],
    [(0, 22, -2, 20), (18, 19, 15, 16), (16, 17, 12, 13), (13, 14, 10, 11), (12, 26, 11, 25)],
    [(20, 20, 0, 0), (22, 42, 22, 42)],
    [(20, 22, -2, 0), (-9, -5, -12, -9), (2, 16, 1, 15)],
    [(0, 12, -1, 11), (6, 20, 5, 19), (15, 23, 14, 22), (24, 25, -3, -2)],
    [(0, 20, -1, 20), (15, 34, 14, 34), (30, 49, 29, 49)],
    [(0, 20, -1, 20), (15, 28, 14, 26), (24, 36, 23, 28)],
    [(0, 20, -1, 20), (15, 34, 14, 34), (34, 38, 33, 36)],
    [(0, 5, -5, 2), (20, 21, 2, 3), (15, 15, -5, -5), (8, 8, -12, -12)],
    [(20, 20, 0, 0), (0, 0, -19, -19), (-19, -19, -37, -37)],
    [(0, 20, -10, -9), (0, 12, -5, 4), (1, 9, -2, 5), (2, 14, -1, 12)],
    [(20, 21, -6, 0), (-8, 1, -9, 0)],
    [(0, 20, -20, 5), (0, 15, -15, -14), (-5, 10, -10, 0), (-5, 5, -12, 0), (0, 14, -2, 12)],
    [(20, 21, -1, 0), (5, 16, 4, 15), (16, 17, -1, 0)],
    [(0, 11, -1, 10), (15, 26, 14, 25), (21, 22, 11, 12)],
    [(20, 21, -2, 0), (15, 16, -8, 5), (-4, -1, -5, -2)],
    [(0, 5, -5, 0), (8, 13, 3, 8), (4, 9, -1, 4)],
    [(20, 21, -1, 0), (20, 41, 20, 40)],
    [(20, 21, -6, 0), (-10, -5, -11, -6)],
    [(20, 21, -6, 0), (-10, 8, -11, 7)],
    [(20, 21, -6, 0), (-10, 13, -11, 12)],
]


def candles():
    """Makes bars of small whole numbers with every planted pattern, upright and upside down, after ordinary candles."""
    draw = numbers(5)
    bars = {name: [] for name in BARS}
    close = 200

    def add(first, top, bottom, last):
        nonlocal close
        for name, value in zip(BARS, (first, max(top, first, last), min(bottom, first, last), last, 100)):
            bars[name].append(float(value))
        close = last

    for repeat in range(4):
        for sign in (1, -1):
            for planted in PLANTED:
                for _ in range(10 + next(draw) % 3):
                    first = close + next(draw) % 5 - 2
                    last = first + next(draw) % 9 - 4 + (1 if close < 200 else -1)
                    add(first, max(first, last) + next(draw) % 4, min(first, last) - next(draw) % 4, last)
                base = close
                for first, top, bottom, last in planted:
                    # Later repeats are off by one here and there.
                    off = [next(draw) % 3 - 1 if repeat and next(draw) % 4 == 0 else 0 for _ in range(4)]
                    high, low = (top, bottom) if sign == 1 else (-bottom, -top)
                    add(base + sign * first + off[0], base + high + off[1], base + low + off[2], base + sign * last + off[3])
    return bars


def signals(output):
    """Lists the rows of a candle pattern that have a signal."""
    return [[i, int(value)] for i, value in enumerate(output) if value]


def inputs_of(name, group):
    """Names the series that a function takes, in order."""
    if group == "Math Transform":
        return ["close" if name in ("ATAN", "CEIL", "FLOOR", "TANH") else "unit"]
    taken = abstract.Function(name).input_names
    listed = []
    for key, value in taken.items():
        listed += [key] if key == "periods" else value if isinstance(value, (list, tuple)) else [value]
    return listed


def cases_of(name):
    """Lists the series and the options that a function is called with."""
    defaults = dict(abstract.Function(name).parameters)
    periods = [k for k, v in defaults.items() if isinstance(v, int) and not k.endswith("matype")]
    types = [k for k in defaults if k.endswith("matype")]
    yield "moving", {}
    yield "equal", {}
    yield "still", {}
    if periods:
        least = SMALLEST.get(name, 2)
        yield "moving", dict.fromkeys(periods, least)
        other = {k: 4 + 3 * i for i, k in enumerate(reversed(periods))}
        yield "equal", {**other, **({"minperiod": 3} if name == "MAVP" else {})}
        yield "moving", dict.fromkeys(periods, ROWS)
    for kind in range(1, 9) if types else ():
        few = {"minperiod": 2, "maxperiod": 9} if name == "MAVP" else {k: 5 + i for i, k in enumerate(periods)}
        yield "moving" if kind % 2 else "equal", {**few, **dict.fromkeys(types, kind)}
    if name in REAL:
        yield "moving", REAL[name]
        yield "equal", REAL[name]


def short(value):
    """Drops digits beyond the twelfth, and the point of whole numbers."""
    if value is None:
        return None
    value = float(f"{value:.12g}")
    return int(value) if value == int(value) and abs(value) < 1e15 else value


def lines(entries):
    return "[\n" + ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries) + "\n]\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    series = all_series()
    tables = [{"name": k, "values": {n: [short(v) for v in s] for n, s in bars.items()}} for k, bars in series.items()]
    (FOLDER / "series.json").write_text(lines(tables))
    series["candles"] = candles()
    with open(FOLDER / "candles.json", "w") as file:
        file.write(lines([{n: [short(v) for v in series["candles"][n]]} for n in BARS[:4]]))
    for group, names in get_function_groups().items():
        entries = []
        if group == "Pattern Recognition":
            inputs = {n: series["candles"][n] for n in BARS[:4]}
            for name in names:
                for options in {}, {"penetration": 0.1}:
                    if options and "penetration" not in abstract.Function(name).parameters:
                        continue
                    found = signals(answer(name, inputs, options)[0])
                    entries.append({"name": name, "options": options, "signals": found})
            (FOLDER / "pattern-recognition.json").write_text(lines(entries))
            continue
        for name in names:
            inputs = inputs_of(name, group)
            for kind, options in cases_of(name):
                outputs = answer(name, {n: series[kind][n] for n in inputs}, options)
                if isinstance(outputs, str):
                    raise SystemExit(f"{name} {options}: {outputs}")
                outputs = [[short(v) for v in output] for output in outputs]
                entries.append({"name": name, "series": kind, "inputs": inputs, "options": options, "outputs": outputs})
        (FOLDER / f"{group.lower().replace(' ', '-')}.json").write_text(lines(entries))
