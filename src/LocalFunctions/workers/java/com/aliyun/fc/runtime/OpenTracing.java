package com.aliyun.fc.runtime;

import java.util.Map;

/** Where spans of a call belong. */
public interface OpenTracing {
  /** The span around the call; empty when it is not traced. */
  String getSpanContext();

  /** What travels with the trace. */
  Map<String, String> getSpanBaggages();

  /** Where spans are sent; empty when the call is not traced. */
  String getJaegerEndpoint();
}
