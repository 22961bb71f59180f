"""A real RTMP server for one stream: FFmpeg's, through PyAV. `python tests/film/ingest.py rtmp://… PACKETS`.

Takes so many packets, hangs up and prints what it got as one line of JSON. A process of its own, as ingests are.
"""

import json
import sys

import av


def main() -> None:
    """Listen once."""
    address, most = sys.argv[1], int(sys.argv[2])
    packets = {"video": 0, "audio": 0}
    widest, last = 0.0, None
    quick = {"listen": "1", "analyzeduration": "200000", "probesize": "100000", "fflags": "nobuffer"}
    with av.open(address, "r", format="flv", options=quick) as container:
        video = container.streams.video[0]
        for packet in container.demux():
            if packet.dts is None:
                continue
            packets[packet.stream.type] += 1
            if packet.stream.type == "audio":
                now = float(packet.dts * packet.time_base)
                widest, last = max(widest, now - last if last is not None else 0.0), now
            if sum(packets.values()) >= most:
                break
        mark = container.metadata.get("AIGC", "")
        print(json.dumps({"packets": packets, "size": [video.width, video.height], "mark": mark, "hole": widest}))


if __name__ == "__main__":
    main()
