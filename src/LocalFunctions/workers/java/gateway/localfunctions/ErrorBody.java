package gateway.localfunctions;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the error object of a call that threw: message, class, and the stack as an array of lines. */
final class ErrorBody {
  private static final String OWN_PACKAGE = Worker.class.getPackageName() + ".";
  private static final int MOST_CAUSES = 10;

  private ErrorBody() {
  }

  static byte[] of(Throwable failure) {
    List<String> stack = new ArrayList<>();
    addFrames(failure, stack);
    Throwable cause = failure.getCause();
    for (int i = 0; cause != null && i < MOST_CAUSES; i++, cause = cause.getCause()) {
      stack.add("Caused by: " + cause);
      addFrames(cause, stack);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("errorMessage", failure.getMessage() == null ? failure.toString() : failure.getMessage());
    body.put("errorType", failure.getClass().getName());
    body.put("stackTrace", stack);
    return JsonWriter.write(body);
  }

  /** Adds what lies between the failure and our own frames below the handler. */
  private static void addFrames(Throwable failure, List<String> stack) {
    List<String> frames = new ArrayList<>();
    boolean isOwn = true;
    StackTraceElement[] elements = failure.getStackTrace();
    for (int i = elements.length - 1; i >= 0; i--) {
      isOwn &= elements[i].getClassName().startsWith(OWN_PACKAGE);
      if (!isOwn) {
        frames.add(elements[i].toString());
      }
    }
    Collections.reverse(frames);
    stack.addAll(frames);
  }
}
