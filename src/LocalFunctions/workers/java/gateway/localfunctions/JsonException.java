package gateway.localfunctions;

/** An event that is no JSON, or that does not fit the handler's input. */
final class JsonException extends RuntimeException {
  private static final long serialVersionUID = 1;

  JsonException(String message) {
    super(message);
  }
}
