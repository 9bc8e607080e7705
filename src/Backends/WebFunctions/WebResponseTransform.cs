using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Gateway.Backends.Http;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Transforms;

namespace Gateway.Backends.WebFunctions;

/// <summary>Passes a web function's answer whole, but for headers of the connection and those that only the gateway may set.</summary>
internal sealed class WebResponseTransform : ResponseTransform
{
    private const int LongestReason = 128;

    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context.ProxyResponse is not { } answer)
        {
            return default; // No answer: the failure is mapped where YARP reports it.
        }

        var http = context.HttpContext;
        var gateway = http.Gateway();
        gateway.BackendAnsweredAt = Stopwatch.GetTimestamp();
        gateway.BackendStatus = (int)answer.StatusCode;
        if (FindStatusProblem(http, answer.StatusCode) is { } problem)
        {
            context.SuppressResponseBody = true;
            http.Fail(GatewayError.BackendResponseFailed, problem);
            return default;
        }

        var connection = answer.Headers.NonValidated.TryGetValues(HeaderNames.Connection, out var named) ? new StringValues(named.ToString()) : StringValues.Empty;
        Copy(answer.Headers, http.Response.Headers, connection);
        Copy(answer.Content.Headers, http.Response.Headers, connection);
        DropNeedlessLength(answer, http.Response.Headers);
        DropUnusualReason(http, answer.ReasonPhrase);
        if (answer.StatusCode != HttpStatusCode.SwitchingProtocols && answer.Content.Headers.ContentLength is null)
        {
            answer.Content = new CountedContent(answer.Content, gateway);
        }

        context.SuppressResponseBody = answer.StatusCode == HttpStatusCode.ResetContent; // The server refuses to write one.
        return default;
    }

    /// <summary>A reason phrase goes on when it is one: YARP has copied it, and the server writes it as it is.</summary>
    private static void DropUnusualReason(HttpContext http, string? reason)
    {
        if (reason is { Length: > LongestReason } || reason.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            http.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = null;
        }
    }

    /// <summary>A 101 that nobody asked for would make the rest of the connection the backend's; a status below 200 is no final answer.</summary>
    private static string? FindStatusProblem(HttpContext http, HttpStatusCode status) => status switch
    {
        HttpStatusCode.SwitchingProtocols when WebSocketHandshake.IsAskedFor(http) => null,
        HttpStatusCode.SwitchingProtocols => "status 101 without a request to upgrade",
        < HttpStatusCode.OK or > (HttpStatusCode)599 => "its status is not one from 200 to 599",
        _ => null,
    };

    /// <summary>Sets the lines that may go on; the source has each name once.</summary>
    internal static void Copy(HttpHeaders source, IHeaderDictionary target, StringValues connection)
    {
        foreach (var (name, values) in source.NonValidated)
        {
            if (ResponseHeaderRules.Passes(name, connection))
            {
                target[name] = values.Count == 1 ? new StringValues(values.ToString()) : new StringValues([.. values]);
            }
        }
    }

    /// <summary>Chunking wins over a length beside it; answers that never have a body have none, whatever the function says.</summary>
    private static void DropNeedlessLength(HttpResponseMessage answer, IHeaderDictionary headers)
    {
        if (answer.Headers.TransferEncodingChunked is true
            || answer.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.ResetContent)
        {
            headers.ContentLength = null;
        }
    }
}
