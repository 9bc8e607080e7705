namespace Gateway.Contracts;

/// <summary>How a request ended, in the one word that tells who is to blame. A closed list: each is a value of a metric's label.</summary>
public enum RequestOutcome
{
    /// <summary>Served: the backend answered below 500, or the gateway answered as it was told to (mock, preflight).</summary>
    Ok,

    /// <summary>The request itself was wrong.</summary>
    ClientError,

    /// <summary>The client left before it was served.</summary>
    ClientClosed,

    /// <summary>The caller could not prove who it is, or may not call.</summary>
    Auth,

    /// <summary>The client's address is not allowed.</summary>
    Ip,

    /// <summary>A limit of the gateway was reached.</summary>
    Throttled,

    /// <summary>The backend did not answer within the timeout that the gateway gives it.</summary>
    GatewayTimeout,

    /// <summary>The function failed, or answered from 500 up.</summary>
    FunctionError,

    /// <summary>The function answered something that is no result.</summary>
    MalformedResult,

    /// <summary>The function service took no more calls.</summary>
    FunctionThrottled,

    /// <summary>The backend could not be reached, broke off, or is out of service by circuit breaker or health.</summary>
    BackendDown,

    /// <summary>A bug or a bound of the gateway itself.</summary>
    GatewayError,
}

/// <summary>The words of outcomes in metrics, traces and logs.</summary>
public static class RequestOutcomes
{
    /// <summary>The word, e.g. <c>function_error</c>.</summary>
    public static string Name(this RequestOutcome outcome) => outcome switch
    {
        RequestOutcome.Ok => "ok",
        RequestOutcome.ClientError => "client_error",
        RequestOutcome.ClientClosed => "client_closed",
        RequestOutcome.Auth => "auth",
        RequestOutcome.Ip => "ip",
        RequestOutcome.Throttled => "throttled",
        RequestOutcome.GatewayTimeout => "gateway_timeout",
        RequestOutcome.FunctionError => "function_error",
        RequestOutcome.MalformedResult => "malformed_result",
        RequestOutcome.FunctionThrottled => "function_throttled",
        RequestOutcome.BackendDown => "backend_down",
        _ => "gateway_error",
    };
}
