package com.aliyun.fc.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A handler that reads the event's bytes and writes the result's. */
public interface StreamRequestHandler {
  /** Answers one event. What it has written when it returns is the result. */
  void handleRequest(InputStream input, OutputStream output, Context context) throws IOException;
}
