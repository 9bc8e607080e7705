package com.aliyun.fc.runtime;

import java.io.IOException;

/** Prepares an instance of a function. */
public interface FunctionInitializer {
  /** Called once in each instance, before its first event. */
  void initialize(Context context) throws IOException;
}
