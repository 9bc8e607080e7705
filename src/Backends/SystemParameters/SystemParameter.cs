namespace Gateway.Backends.SystemParameters;

/// <summary>One system parameter of an API, compiled.</summary>
/// <param name="Value">What it holds.</param>
/// <param name="Name">Name of the header or query parameter towards the backend.</param>
/// <param name="IsQuery">True for a query parameter, false for a header.</param>
public sealed record SystemParameter(SystemValue Value, string Name, bool IsQuery);

/// <summary>Values that only the gateway knows, by the cloud's names.</summary>
public enum SystemValue
{
    /// <summary>The client's address.</summary>
    CaClientIp,

    /// <summary>The host asked for, without its port.</summary>
    CaDomain,

    /// <summary>When the request came, UTC, to the second: <c>2018-11-15T06:11:33Z</c>.</summary>
    CaRequestHandleTime,

    /// <summary>Id of the calling app; <c>null</c> where anybody may call.</summary>
    CaAppId,

    /// <summary>AppKey of the calling app; <c>null</c> where there is none.</summary>
    CaAppKey,

    /// <summary>The request id, as in <c>X-Ca-Request-Id</c>.</summary>
    CaRequestId,

    /// <summary><c>HTTP</c> or <c>HTTPS</c>.</summary>
    CaHttpSchema,

    /// <summary>The constant <c>AliCloudAPIGateway</c>.</summary>
    CaProxy,

    /// <summary>Name of the API.</summary>
    CaApiName,

    /// <summary>The client's <c>User-Agent</c>.</summary>
    CaClientUa,

    /// <summary>The stage.</summary>
    CaStage,
}
