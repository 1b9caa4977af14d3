"""Reads Parquet and Arrow files with pyarrow or Polars and prints their columns as JSON: doubles as their bits, all else as text."""
import json
import struct
import sys


def text(value):
    if value is None:
        return None
    if isinstance(value, float):
        return struct.pack(">d", value).hex()
    return str(int(value)) if isinstance(value, (bool, int)) else value


def with_pyarrow(path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    if path.endswith(".arrow"):
        with pa.memory_map(path) as file:
            table = pa.ipc.open_file(file).read_all()
        with open(path, "rb") as file:  # the stream that the file holds
            assert file.read(8) == b"ARROW1\0\0"
            stream = pa.ipc.open_stream(file).read_all()
        assert (stream.schema, stream.num_rows) == (table.schema, table.num_rows)
    else:
        metadata = pq.ParquetFile(path).metadata
        group = metadata.row_group(0)
        for i in range(group.num_columns):
            assert group.column(i).has_offset_index
        assert [(each.column_index, each.descending) for each in group.sorting_columns] == [(0, False)]
        table = pq.read_table(path, page_checksum_verification=True)
    for field in table.schema:
        column = table.column(field.name)
        if pa.types.is_timestamp(field.type):
            assert str(field.type) == "timestamp[ns, tz=UTC]", field.type
            column = column.cast(pa.int64())
        elif pa.types.is_date(field.type):
            column = column.cast(pa.int32())
        yield field.name, column.to_pylist()


def with_polars(path):
    import polars as pl

    for column in pl.read_ipc(path) if path.endswith(".arrow") else pl.read_parquet(path):
        if column.dtype in (pl.Date, pl.Datetime("ns", "UTC")):
            column = column.to_physical()
        yield column.name, column.to_list()


reader = {"pyarrow": with_pyarrow, "polars": with_polars}[sys.argv[1]]
files = [{name: [text(value) for value in values] for name, values in reader(path)} for path in sys.argv[2:]]
json.dump(files, sys.stdout)
