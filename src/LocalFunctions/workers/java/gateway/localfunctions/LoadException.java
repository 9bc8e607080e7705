package gateway.localfunctions;

/** A handler, initializer or pre-stop hook that is not there or cannot be made; the cause says why. */
final class LoadException extends Exception {
  private static final long serialVersionUID = 1;

  LoadException(Throwable cause) {
    super(cause);
  }
}
