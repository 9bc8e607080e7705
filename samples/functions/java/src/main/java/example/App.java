package example;

import com.aliyun.fc.runtime.Context;
import com.aliyun.fc.runtime.PojoRequestHandler;
import java.util.Map;

/** An event function of beans: every key of its event comes back in the body. Handler: {@code example.App::handleRequest}. */
public class App implements PojoRequestHandler<ApiRequest, ApiResponse> {
  @Override
  public ApiResponse handleRequest(ApiRequest request, Context context) {
    context.getLogger().info(request.getHttpMethod() + " " + request.getPath());
    return new ApiResponse(200, Map.of("x-function", context.getFunctionParam().getFunctionName()), request);
  }
}
