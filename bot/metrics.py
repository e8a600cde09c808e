"""What /metrics tells: how many messages came and went, how long it took, what waits. No names, no places."""

from prometheus_client import Counter, Gauge, Histogram

UPDATES = Counter("thonbao_updates", "Messages received and saved", ["channel", "kind"])
UPDATE_SECONDS = Histogram(
    "thonbao_update_seconds",
    "From receiving a message to its effect on disk",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
REFUSED = Counter("thonbao_webhook_refused", "Webhook calls refused", ["reason"])
SENT = Counter("thonbao_messages_sent", "Outcomes of sending", ["channel", "outcome"])
HELD = Gauge("thonbao_messages_held", "Messages that this process has taken to send and not yet settled")
