package com.aliyun.fc.runtime;

/**
 * A handler whose event and result are beans.
 *
 * @param <I> made of the event's JSON; needs a constructor without parameters
 * @param <O> becomes the result's JSON
 */
public interface PojoRequestHandler<I, O> {
  /** Answers one event. */
  O handleRequest(I input, Context context);
}
