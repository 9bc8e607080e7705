package gateway.localfunctions;

import com.aliyun.fc.runtime.FunctionComputeLogger;

/** Writes a function's log lines to standard output, which the host reads. */
final class ConsoleLogger implements FunctionComputeLogger {
  private Level lowest = Level.TRACE;

  @Override
  public void trace(String line) {
    write(Level.TRACE, line);
  }

  @Override
  public void debug(String line) {
    write(Level.DEBUG, line);
  }

  @Override
  public void info(String line) {
    write(Level.INFO, line);
  }

  @Override
  public void warn(String line) {
    write(Level.WARN, line);
  }

  @Override
  public void error(String line) {
    write(Level.ERROR, line);
  }

  @Override
  public void fatal(String line) {
    write(Level.FATAL, line);
  }

  @Override
  public void setLogLevel(Level level) {
    lowest = level;
  }

  private void write(Level level, String line) {
    if (level.compareTo(lowest) >= 0) {
      System.out.println("[" + level + "] " + line);
    }
  }
}
