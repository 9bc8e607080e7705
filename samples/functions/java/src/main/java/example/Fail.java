package example;

import com.aliyun.fc.runtime.Context;
import com.aliyun.fc.runtime.PojoRequestHandler;

/** Fails: the gateway answers 502, and the stack is in its log. Handler: {@code example.Fail::handleRequest}. */
public class Fail implements PojoRequestHandler<ApiRequest, ApiResponse> {
  @Override
  public ApiResponse handleRequest(ApiRequest request, Context context) {
    throw new IllegalStateException("this function always fails");
  }
}
