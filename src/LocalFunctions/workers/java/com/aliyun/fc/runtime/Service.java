package com.aliyun.fc.runtime;

/** The service that a function belongs to. */
public interface Service {
  /** Its name. */
  String getName();

  /** Project of its logs. */
  String getLogProject();

  /** Store of its logs. */
  String getLogStore();

  /** Alias or version that was called. */
  String getQualifier();

  /** Version that runs. */
  String getVersionId();
}
