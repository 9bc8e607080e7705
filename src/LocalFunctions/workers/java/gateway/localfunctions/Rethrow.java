package gateway.localfunctions;

/** Throws what a function's own code threw, as it was. */
final class Rethrow {
  private Rethrow() {
  }

  /** Throws anything without declaring it; returns never. */
  @SuppressWarnings("unchecked")
  static <T extends Throwable> RuntimeException unchecked(Throwable failure) throws T {
    throw (T) failure;
  }
}
