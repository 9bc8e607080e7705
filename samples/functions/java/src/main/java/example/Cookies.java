package example;

import com.aliyun.fc.runtime.Context;
import com.aliyun.fc.runtime.PojoRequestHandler;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sets two cookies: names of headers that differ only in case give a line each. Handler: {@code example.Cookies::handleRequest}. */
public class Cookies implements PojoRequestHandler<ApiRequest, ApiResponse> {
  @Override
  public ApiResponse handleRequest(ApiRequest request, Context context) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Set-Cookie", "session=1; Path=/; HttpOnly");
    headers.put("set-cookie", "theme=dark; Path=/");
    return new ApiResponse(200, headers, "two cookies");
  }
}
