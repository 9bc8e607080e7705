using System.Text.Json;
using Gateway.Backends.Http;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Backends.EventFunctions;

/// <summary>Writes the members of the event's <c>headers</c>: what of the client's passes, then what the gateway adds.</summary>
internal static class EventHeaders
{
    /// <summary>Header names longer than this are lowered on the heap; no name in use is.</summary>
    private const int LongestOnStack = 256;

    /// <summary>Writes one string per name. Repeated lines are joined as RFC 9110 §5.3 and, for cookies, RFC 9113 §8.2.3 say.</summary>
    public static void Write(Utf8JsonWriter writer, HttpContext context, EventFunction function)
    {
        var headers = context.Request.Headers;
        var gateway = context.Gateway();
        var headerCase = function.Options.EventHeaderCase;
        var connection = headers.Connection;
        var span = BackendSpans.Context(gateway);
        foreach (var (name, values) in headers)
        {
            if (values.Count > 0
                && !name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase)
                && !(span is not null && RequestHeaderRules.IsTraceContext(name))
                && RequestHeaderRules.Passes(name, values, connection, gateway)
                && !function.Rules.RemovesHeader(name))
            {
                WriteName(writer, name, headerCase);
                WriteValue(writer, name, values);
            }
        }

        WriteOwn(writer, "X-Forwarded-For", gateway.ForwardedFor, headerCase);
        WriteOwn(writer, "X-Forwarded-Proto", gateway.ForwardedProto, headerCase);
        WriteOwn(writer, CaHeaders.ApiGateway, gateway.RequestId, headerCase);
        foreach (var parameter in function.Rules.Headers)
        {
            WriteOwn(writer, parameter.Name, function.Rules.Values.Read(parameter.Value, context), headerCase);
        }

        if (span?.Id is { } traceParent)
        {
            WriteOwn(writer, HeaderNames.TraceParent, traceParent, headerCase);
            if (span.TraceStateString is { Length: > 0 } state)
            {
                WriteOwn(writer, HeaderNames.TraceState, state, headerCase);
            }
        }
    }

    private static void WriteOwn(Utf8JsonWriter writer, string name, string value, EventHeaderCase headerCase)
    {
        WriteName(writer, name, headerCase);
        writer.WriteStringValue(value);
    }

    private static void WriteName(Utf8JsonWriter writer, string name, EventHeaderCase headerCase)
    {
        if (headerCase == EventHeaderCase.Preserve)
        {
            writer.WritePropertyName(name);
            return;
        }

        Span<char> stack = stackalloc char[LongestOnStack];
        var lower = name.Length <= LongestOnStack ? stack[..name.Length] : new char[name.Length];
        name.AsSpan().ToLowerInvariant(lower);
        writer.WritePropertyName(lower);
    }

    private static void WriteValue(Utf8JsonWriter writer, string name, StringValues values)
    {
        if (values.Count == 1)
        {
            writer.WriteStringValue(values[0] ?? "");
            return;
        }

        var separator = name.Equals(HeaderNames.Cookie, StringComparison.OrdinalIgnoreCase) ? "; " : ", ";
        for (var i = 0; i < values.Count; i++)
        {
            if (i > 0)
            {
                writer.WriteStringValueSegment(separator, isFinalSegment: false);
            }

            writer.WriteStringValueSegment(values[i], isFinalSegment: i == values.Count - 1);
        }
    }
}
