"""Writes events.json: a file of events as TensorBoard itself writes it. See README.md. It needs the package
tensorboard (2.21 was used).
"""

import json
import os
import tempfile

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
from tensorboard.summary.writer.record_writer import RecordWriter

HERE = os.path.dirname(os.path.abspath(__file__))
AT = 1700000000.25


def hparams(tag, data):
    metadata = SummaryMetadata()
    metadata.plugin_data.plugin_name = "hparams"
    metadata.plugin_data.content = data.SerializeToString(deterministic=True)
    tensor = TensorProto(dtype=1)
    tensor.tensor_shape.dim.add(size=0)
    value = Summary.Value(tag=tag, metadata=metadata, tensor=tensor)
    return Event(wall_time=AT, summary=Summary(value=[value]))


def scalars(step, values):
    summary = Summary(value=[Summary.Value(tag=t, simple_value=v) for t, v in values.items()])
    return Event(wall_time=AT, step=step, summary=summary)


start = HParamsPluginData(version=0)
start.session_start_info.hparams["rate"].number_value = 0.1
start.session_start_info.start_time_secs = AT
end = HParamsPluginData(version=0)
end.session_end_info.status = 1
end.session_end_info.end_time_secs = AT

EVENTS = {
    "version": Event(wall_time=AT, file_version="brain.Event:2"),
    "start": hparams("_hparams_/session_start_info", start),
    "first": scalars(0, {"loss/step": 2.5}),
    "scalars": scalars(300, {"loss/train": 0.125, "accuracy/train": 1.0, "loss/test": float("inf")}),
    "end": hparams("_hparams_/session_end_info", end),
}


def main():
    path = os.path.join(tempfile.mkdtemp(), "events")
    with open(path, "wb") as file:
        writer = RecordWriter(file)
        for event in EVENTS.values():
            writer.write(event.SerializeToString(deterministic=True))
    data = {
        "about": "Written by write_events.py; see README.md.",
        "at": AT,
        "events": {name: event.SerializeToString(deterministic=True).hex() for name, event in EVENTS.items()},
        "file": open(path, "rb").read().hex(),
    }
    with open(os.path.join(HERE, "events.json"), "w") as out:
        out.write(json.dumps(data) + "\n")


main()
