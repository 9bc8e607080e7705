package example;

import java.util.Map;

/** The result that the gateway makes its answer of. Only ever written, so it needs no constructor without parameters. */
public class ApiResponse {
  private final int statusCode;
  private final Map<String, String> headers;
  private final boolean isBase64Encoded;
  private final Object body;

  /** A result whose body is text, or an object that becomes JSON. */
  public ApiResponse(int statusCode, Map<String, String> headers, Object body) {
    this(statusCode, headers, false, body);
  }

  /** A result whose body may be the Base64 of bytes. */
  public ApiResponse(int statusCode, Map<String, String> headers, boolean isBase64Encoded, Object body) {
    this.statusCode = statusCode;
    this.headers = headers;
    this.isBase64Encoded = isBase64Encoded;
    this.body = body;
  }

  public int getStatusCode() {
    return statusCode;
  }

  public Map<String, String> getHeaders() {
    return headers;
  }

  public boolean getIsBase64Encoded() {
    return isBase64Encoded;
  }

  public Object getBody() {
    return body;
  }
}
