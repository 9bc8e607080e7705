package gateway.localfunctions;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The connection to the host: lines of JSON, each followed by as many bytes as it says. */
final class Connection {
  private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
  private final OutputStream output;

  private Connection(OutputStream output) {
    this.output = output;
  }

  /** Connects and says who this is. */
  static Connection open(int port, String token) throws IOException {
    Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    socket.setTcpNoDelay(true);
    socket.getOutputStream().write((token + "\n").getBytes(StandardCharsets.US_ASCII));
    Connection connection = new Connection(socket.getOutputStream());
    // A thread of its own sees the host go even while a handler hangs.
    Thread reader = new Thread(() -> connection.receive(socket), "host-connection");
    reader.setDaemon(true);
    reader.start();
    return connection;
  }

  /** Waits for the next call. */
  Call next() throws InterruptedException {
    return calls.take();
  }

  /** Sends what came of a call. */
  void send(Answer answer) throws IOException {
    String head = "{\"outcome\":\"" + (answer.isResult ? "ok" : "unhandled") + "\",\"length\":" + answer.body.length
        + ",\"exit\":" + answer.exits + "}\n";
    byte[] line = head.getBytes(StandardCharsets.US_ASCII);
    byte[] frame = new byte[line.length + Math.min(answer.body.length, 64 << 10)];
    int early = frame.length - line.length; // A small answer is one packet; a large one is not copied.
    System.arraycopy(line, 0, frame, 0, line.length);
    System.arraycopy(answer.body, 0, frame, line.length, early);
    output.write(frame);
    output.write(answer.body, early, answer.body.length - early);
  }

  private void receive(Socket socket) {
    try {
      InputStream input = new BufferedInputStream(socket.getInputStream(), 64 << 10);
      while (true) {
        Map<?, ?> head = (Map<?, ?>) JsonReader.read(readLine(input));
        byte[] event = input.readNBytes((Integer) head.get("length"));
        calls.add(new Call((String) head.get("type"), (String) head.get("requestId"), event));
      }
    } catch (IOException gone) {
      Runtime.getRuntime().halt(0);
    }
  }

  private static byte[] readLine(InputStream input) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    for (int next; (next = input.read()) != '\n';) {
      if (next < 0) {
        throw new EOFException();
      }
      line.write(next);
    }
    return line.toByteArray();
  }
}
