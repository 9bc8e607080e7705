package example;

import com.aliyun.fc.runtime.Context;
import com.aliyun.fc.runtime.StreamRequestHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * An event function of streams, without a JSON library: the event, which is JSON already, comes back as an object in the body. Status and
 * flag are strings, which the gateway takes, too. Handler: {@code example.StreamApp::handleRequest}.
 */
public class StreamApp implements StreamRequestHandler {
  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
    String function = context.getFunctionParam().getFunctionName();
    String head = "{\"isBase64Encoded\":\"false\",\"statusCode\":\"200\",\"headers\":{\"x-function\":\"" + function + "\"},\"body\":";
    output.write(head.getBytes(StandardCharsets.UTF_8));
    input.transferTo(output);
    output.write('}');
  }
}
