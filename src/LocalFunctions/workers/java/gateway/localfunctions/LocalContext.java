package gateway.localfunctions;

import com.aliyun.fc.runtime.Context;
import com.aliyun.fc.runtime.Credentials;
import com.aliyun.fc.runtime.FunctionComputeLogger;
import com.aliyun.fc.runtime.FunctionParam;
import com.aliyun.fc.runtime.OpenTracing;
import com.aliyun.fc.runtime.Service;
import java.util.Collections;
import java.util.Map;

/** The context of one call, read from the process's environment. */
final class LocalContext implements Context, Credentials, FunctionParam, Service, OpenTracing {
  private final String requestId;
  private final FunctionComputeLogger logger = new ConsoleLogger();

  LocalContext(String requestId) {
    this.requestId = requestId;
  }

  @Override
  public String getRequestId() {
    return requestId;
  }

  @Override
  public Credentials getExecutionCredentials() {
    return this;
  }

  @Override
  public FunctionParam getFunctionParam() {
    return this;
  }

  @Override
  public Service getService() {
    return this;
  }

  @Override
  public FunctionComputeLogger getLogger() {
    return logger;
  }

  @Override
  public OpenTracing getTracing() {
    return this;
  }

  @Override
  public int getRetryCount() {
    return 0;
  }

  @Override
  public String getAccessKeyId() {
    return variable("ALIBABA_CLOUD_ACCESS_KEY_ID");
  }

  @Override
  public String getAccessKeySecret() {
    return variable("ALIBABA_CLOUD_ACCESS_KEY_SECRET");
  }

  @Override
  public String getSecurityToken() {
    return variable("ALIBABA_CLOUD_SECURITY_TOKEN");
  }

  @Override
  public String getFunctionName() {
    return variable("FC_FUNCTION_NAME");
  }

  @Override
  public String getFunctionHandler() {
    return variable("FC_FUNCTION_HANDLER");
  }

  @Override
  public String getFunctionInitializer() {
    return variable("FC_INITIALIZER_HANDLER");
  }

  @Override
  public int getExecTimeLimitInMillis() {
    return Integer.parseInt(variable("FC_TIMEOUT")) * 1000;
  }

  @Override
  public int getMemoryLimitInMB() {
    return Integer.parseInt(variable("FC_FUNCTION_MEMORY_SIZE"));
  }

  @Override
  public String getName() {
    return "";
  }

  @Override
  public String getLogProject() {
    return "";
  }

  @Override
  public String getLogStore() {
    return "";
  }

  @Override
  public String getQualifier() {
    return variable("FC_QUALIFIER");
  }

  @Override
  public String getVersionId() {
    return variable("FC_VERSION_ID");
  }

  @Override
  public String getSpanContext() {
    return "";
  }

  @Override
  public Map<String, String> getSpanBaggages() {
    return Collections.emptyMap();
  }

  @Override
  public String getJaegerEndpoint() {
    return "";
  }

  private static String variable(String name) {
    String value = System.getenv(name);
    return value == null ? "" : value;
  }
}
