"""What the studio counts; served at /metrics in Prometheus' text format."""

from prometheus_client import Counter, Gauge, Histogram

DELAYS = (0.1, 0.2, 0.3, 0.6, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0)  # seconds

COMMENTS = Counter("zhubo_comments_total", "Comments by decision", ["decision"])
ORDERS = Counter("zhubo_orders_total", "Order events received, by outcome", ["outcome"])
LINES = Counter("zhubo_lines_total", "Spoken lines by kind and outcome", ["kind", "outcome"])
REFUSED_SENTENCES = Counter("zhubo_refused_sentences_total", "Sentences stopped at the mouth, by gate", ["gate"])
DROPPED = Counter("zhubo_dropped_total", "What a full queue dropped", ["queue"])
FIRST_SOUND = Histogram("zhubo_first_sound_seconds", "Comment chosen to first sound, server clock", buckets=DELAYS)
FIRST_WORD = Histogram("zhubo_first_word_seconds", "Comment chosen to the answer's own words", buckets=DELAYS)
LOOKAHEAD = Gauge("zhubo_lookahead_seconds", "Ready audio ahead of the voice", ["room"])
VIEWERS = Gauge("zhubo_overlay_sockets", "Connected overlay pages", ["room"])
WORKER_RESTARTS = Counter("zhubo_worker_restarts_total", "Restarts of a child process", ["worker"])
VOICE_CLAUSES = Counter("zhubo_voice_clauses_total", "Clauses asked of each voice, by outcome", ["provider", "outcome"])
