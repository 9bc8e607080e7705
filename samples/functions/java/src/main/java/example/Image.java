package example;

import com.aliyun.fc.runtime.Context;
import com.aliyun.fc.runtime.PojoRequestHandler;
import java.util.Map;

/** Answers with bytes: a PNG of one red pixel, as Base64. Handler: {@code example.Image::handleRequest}. */
public class Image implements PojoRequestHandler<ApiRequest, ApiResponse> {
  private static final String PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC";

  @Override
  public ApiResponse handleRequest(ApiRequest request, Context context) {
    return new ApiResponse(200, Map.of("Content-Type", "image/png"), true, PIXEL);
  }
}
