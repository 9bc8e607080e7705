using System.Diagnostics;
using System.Globalization;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;

namespace Gateway.Backends.SystemParameters;

/// <summary>Reads the values of system parameters for one API, as text that may stand in a header.</summary>
/// <param name="api">The API.</param>
/// <param name="time">The clock.</param>
internal sealed class SystemValues(ApiBackend api, TimeProvider time)
{
    /// <summary>What the cloud gateway sends, where there is no app, as observed.</summary>
    private const string NoApp = "null";

    /// <summary>The stage of a request that names none, in Development, where all are served.</summary>
    private const string DefaultStage = "RELEASE";

    private readonly string _apiName = api.ApiId[(api.ApiId.IndexOf('/') + 1)..];

    /// <summary>The value for a request; empty where it is not known. Control characters are blanks; other text is as the client sent it.</summary>
    public string Read(SystemValue value, HttpContext http)
    {
        var gateway = http.Gateway();
        return value switch
        {
            SystemValue.CaClientIp => gateway.ClientAddress?.ToString() ?? "",
            SystemValue.CaDomain => Clean(WithoutPort(gateway.ForwardedHost)),
            SystemValue.CaRequestHandleTime => ReceivedAt(gateway).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            SystemValue.CaAppId => gateway.Caller?.AppId ?? NoApp,
            SystemValue.CaAppKey => gateway.Caller?.AppKey ?? NoApp,
            SystemValue.CaRequestId => gateway.RequestId,
            SystemValue.CaHttpSchema => gateway.ForwardedProto.ToUpperInvariant(),
            SystemValue.CaProxy => "AliCloudAPIGateway",
            SystemValue.CaApiName => _apiName,
            SystemValue.CaClientUa => Clean(http.Request.Headers.UserAgent.ToString()),
            SystemValue.CaStage => api.Stage ?? AskedStage(http),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>When the head was complete: an event is written only after its body has come.</summary>
    private DateTimeOffset ReceivedAt(GatewayFeature gateway)
        => gateway.StartedAt == 0 ? time.GetUtcNow() : time.GetUtcNow() - Stopwatch.GetElapsedTime(gateway.StartedAt);

    private static string AskedStage(HttpContext http)
        => http.Request.Headers.TryGetValue(CaHeaders.Stage, out var asked) ? Clean(asked.ToString().ToUpperInvariant()) : DefaultStage;

    /// <summary>The host of an authority; an IPv6 address keeps its brackets.</summary>
    private static string WithoutPort(string authority)
    {
        var end = authority.StartsWith('[') ? authority.IndexOf(']', StringComparison.Ordinal) + 1 : authority.IndexOf(':', StringComparison.Ordinal);
        return end > 0 ? authority[..end] : authority;
    }

    private static string Clean(string text)
        => !text.AsSpan().ContainsAnyInRange('\0', '\x1f') && !text.Contains('\x7f') ? text
            : string.Create(text.Length, text, static (span, source) =>
            {
                for (var i = 0; i < span.Length; i++)
                {
                    span[i] = char.IsControl(source[i]) ? ' ' : source[i];
                }
            });
}
