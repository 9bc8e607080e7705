using System.Collections.Frozen;
using Gateway.Backends.Http;
using Gateway.Contracts;
using Microsoft.Net.Http.Headers;

namespace Gateway.Backends.SystemParameters;

/// <summary>One system parameter of an API, compiled.</summary>
/// <param name="Value">What it holds.</param>
/// <param name="Name">Name of the header or query parameter towards the backend.</param>
/// <param name="IsQuery">True for a query parameter, false for a header.</param>
public sealed record SystemParameter(SystemValue Value, string Name, bool IsQuery)
{
    /// <summary>Headers that pass from the client and yet are no place for a value: the gateway, its signatures or the server write them too.</summary>
    private static readonly FrozenSet<string> Taken = new[]
    {
        HeaderNames.Host, HeaderNames.ContentLength, HeaderNames.ContentType, HeaderNames.ContentMD5, HeaderNames.Expect, HeaderNames.Date,
        HeaderNames.Authorization, HeaderNames.TraceParent, HeaderNames.TraceState, "X-Acs-Date", "X-Acs-Security-Token",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a header may hold a system parameter: the gateway neither sets it, nor strips it, nor frames requests with it.</summary>
    /// <param name="name">Name of the header, a token.</param>
    public static bool IsHeaderFree(string name)
        => !Taken.Contains(name) && RequestHeaderRules.Passes(name, default, default, new GatewayFeature { RequestId = "" });
}

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
