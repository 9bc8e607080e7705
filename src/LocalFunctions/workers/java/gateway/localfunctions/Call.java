package gateway.localfunctions;

/** One call of the host: what to do, and the event. */
final class Call {
  /** {@code initialize}, {@code invoke} or {@code pre-stop}. */
  final String type;

  /** Id of the call. */
  final String requestId;

  /** The event; empty for all but {@code invoke}. */
  final byte[] event;

  Call(String type, String requestId, byte[] event) {
    this.type = type;
    this.requestId = requestId;
    this.event = event;
  }
}
