package com.aliyun.fc.runtime;

/** Settings of a function. */
public interface FunctionParam {
  /** Its name. */
  String getFunctionName();

  /** Its handler, as {@code package.Class::method}. */
  String getFunctionHandler();

  /** Its initializer, written alike; empty when it has none. */
  String getFunctionInitializer();

  /** Longest time of a call, in milliseconds. */
  int getExecTimeLimitInMillis();

  /** Memory, in megabytes. */
  int getMemoryLimitInMB();
}
