package gateway.localfunctions;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Runs inside the process of a local Java function: connects to the host and calls the handler as the cloud's runtime does. */
public final class Worker {
  private static final char RECORD_SEPARATOR = '\u001e';

  private final Handlers handlers = new Handlers();
  private final PrintStream out = open(FileDescriptor.out);
  private final PrintStream err = open(FileDescriptor.err);

  private Worker() {
    System.setOut(out);
    System.setErr(err);
  }

  /** Takes calls until the host closes the connection. */
  public static void main(String[] arguments) {
    int exitCode = 1;
    try {
      Connection connection = Connection.open(Integer.parseInt(System.getenv("FC_LOCAL_PORT")), System.getenv("FC_LOCAL_TOKEN"));
      Worker worker = new Worker();
      boolean goesOn = true;
      while (goesOn) {
        goesOn = worker.answer(connection);
      }
    } catch (InterruptedException | java.io.IOException gone) {
      exitCode = 0; // The host has gone, and nobody is left to tell.
    } finally {
      Runtime.getRuntime().halt(exitCode); // Threads of the function must not keep the process.
    }
  }

  /** Answers one call; false when the process must not get another. */
  private boolean answer(Connection connection) throws InterruptedException, java.io.IOException {
    Call call = connection.next();
    Answer answer = run(call);
    Thread.interrupted(); // What a handler did to its thread ends with its call.
    end(call.requestId);
    connection.send(answer);
    return !answer.exits;
  }

  private Answer run(Call call) {
    LocalContext context = new LocalContext(call.requestId);
    try {
      switch (call.type) {
        case "initialize":
          handlers.initialize(context);
          return Answer.result(new byte[0]);
        case "pre-stop":
          handlers.preStop(context);
          return Answer.result(new byte[0]);
        default:
          return Answer.result(handlers.handle(call.event, context));
      }
    } catch (LoadException failure) {
      return fail(failure.getCause(), true); // A class that failed to load stays broken in this process.
    } catch (OutOfMemoryError | LinkageError failure) {
      return fail(failure, true);
    } catch (Throwable failure) {
      return fail(failure, false);
    }
  }

  private static Answer fail(Throwable failure, boolean exits) {
    failure.printStackTrace();
    return Answer.error(ErrorBody.of(failure), exits);
  }

  /** Marks on both streams that the call's output ends here, even where the handler has put its own streams in their place. */
  private void end(String requestId) {
    System.out.flush();
    System.err.flush();
    for (PrintStream stream : new PrintStream[] {out, err}) {
      stream.print(RECORD_SEPARATOR + requestId + '\n');
      stream.flush();
    }
  }

  private static PrintStream open(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }
}
