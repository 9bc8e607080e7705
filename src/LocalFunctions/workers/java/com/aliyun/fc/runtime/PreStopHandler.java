package com.aliyun.fc.runtime;

import java.io.IOException;

/** Tidies up an instance of a function. */
public interface PreStopHandler {
  /** Called once in each instance, before it is stopped. */
  void preStop(Context context) throws IOException;
}
