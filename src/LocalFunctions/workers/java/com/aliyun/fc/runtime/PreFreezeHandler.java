package com.aliyun.fc.runtime;

import java.io.IOException;

/** Told when an instance is about to be frozen; instances on a laptop never are. */
public interface PreFreezeHandler {
  /** Called before the instance is frozen. */
  void preFreeze(Context context) throws IOException;
}
