package gateway.localfunctions;

/** What came of a call. */
final class Answer {
  /** False for an error object. */
  final boolean isResult;

  /** The result or the error object. */
  final byte[] body;

  /** Whether the process wants no further call. */
  final boolean exits;

  private Answer(boolean isResult, byte[] body, boolean exits) {
    this.isResult = isResult;
    this.body = body;
    this.exits = exits;
  }

  static Answer result(byte[] body) {
    return new Answer(true, body, false);
  }

  static Answer error(byte[] body, boolean exits) {
    return new Answer(false, body, exits);
  }
}
