'use strict';
// What a handler is told of the call beside the event.
const env = process.env;
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'log'];

const logger = { setLogLevel() {} };
for (const level of levels) {
  logger[level] = (...args) => console.log(`[${level.toUpperCase()}]`, ...args);
}

/** The context of one call. */
function contextOf(head) {
  return {
    requestId: head.requestId,
    credentials: {
      accessKeyId: env.ALIBABA_CLOUD_ACCESS_KEY_ID ?? '',
      accessKeySecret: env.ALIBABA_CLOUD_ACCESS_KEY_SECRET ?? '',
      securityToken: env.ALIBABA_CLOUD_SECURITY_TOKEN ?? '',
    },
    function: {
      name: env.FC_FUNCTION_NAME,
      handler: env.FC_FUNCTION_HANDLER,
      memory: Number(env.FC_FUNCTION_MEMORY_SIZE),
      timeout: Number(env.FC_TIMEOUT),
      initializer: env.FC_INITIALIZER_HANDLER,
    },
    service: { name: '', logProject: '', logStore: '', qualifier: env.FC_QUALIFIER, versionId: env.FC_VERSION_ID },
    region: env.FC_REGION,
    accountId: env.FC_ACCOUNT_ID,
    logger,
    retryCount: 0,
    tracing: { spanContext: '', jaegerEndpoint: '', spanBaggages: {} },
  };
}

module.exports = { contextOf };
