package com.aliyun.fc.runtime;

/** Keys of the role that a function runs as. */
public interface Credentials {
  /** Id of the key. */
  String getAccessKeyId();

  /** The key. */
  String getAccessKeySecret();

  /** Token that goes with a temporary key. */
  String getSecurityToken();
}
