package com.aliyun.fc.runtime;

/** Writes lines into the log of a call. */
public interface FunctionComputeLogger {
  void trace(String line);

  void debug(String line);

  void info(String line);

  void warn(String line);

  void error(String line);

  void fatal(String line);

  /** Lines below this level are left out from now on. */
  void setLogLevel(Level level);

  /** How much a line matters, least first. */
  enum Level {
    TRACE, DEBUG, INFO, WARN, ERROR, FATAL
  }
}
