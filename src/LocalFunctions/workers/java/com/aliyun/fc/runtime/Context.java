package com.aliyun.fc.runtime;

/** What a handler is told of its call beside the event. */
public interface Context {
  /** Id of the call; also in the log. */
  String getRequestId();

  /** Keys of the role that the function runs as; empty texts when there is none. */
  Credentials getExecutionCredentials();

  /** The function's own settings. */
  FunctionParam getFunctionParam();

  /** The service that the function belongs to; its texts are empty on a laptop, but for qualifier and version. */
  Service getService();

  /** Writes lines into the call's log. */
  FunctionComputeLogger getLogger();

  /** Where spans of the call belong; never null. */
  OpenTracing getTracing();

  /** How often the service has repeated the call: 0, for a call that waits is never repeated. */
  int getRetryCount();
}
