using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;

namespace Gateway.Backends.EventFunctions;

/// <summary>Writes the event that a function receives: seven keys in alphabetical order, as the cloud gateway's captured events have them.</summary>
/// <remarks>One pass: the body goes from the request's pipe into the event, and nothing between holds a copy of a Base64 body.</remarks>
internal static class EventWriter
{
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        // Functions log and hash the event's text: é stays é. The writer's own checks would only repeat what the golden files prove.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private static readonly JsonEncodedText Body = JsonEncodedText.Encode("body");
    private static readonly JsonEncodedText Headers = JsonEncodedText.Encode("headers");
    private static readonly JsonEncodedText HttpMethod = JsonEncodedText.Encode("httpMethod");
    private static readonly JsonEncodedText IsBase64Encoded = JsonEncodedText.Encode("isBase64Encoded");
    private static readonly JsonEncodedText Path = JsonEncodedText.Encode("path");
    private static readonly JsonEncodedText PathParameters = JsonEncodedText.Encode("pathParameters");
    private static readonly JsonEncodedText QueryParameters = JsonEncodedText.Encode("queryParameters");

    private static readonly ObjectPool<Utf8JsonWriter> Writers = new DefaultObjectPool<Utf8JsonWriter>(new WriterPolicy());

    /// <summary>Reads the request's body and writes its event.</summary>
    /// <param name="context">The request; its gateway feature is set.</param>
    /// <param name="function">The function that gets the event.</param>
    /// <param name="buffer">Takes the event, UTF-8 without a byte order mark.</param>
    /// <returns>False when the body is larger than the API takes; the buffer is then of no use.</returns>
    /// <exception cref="BadHttpRequestException">The client's body is malformed, too large for the server, or too slow.</exception>
    /// <exception cref="IOException">The client left.</exception>
    /// <exception cref="OperationCanceledException">The client left.</exception>
    public static async ValueTask<bool> TryWriteAsync(HttpContext context, EventFunction function, PooledBuffer buffer)
    {
        var writer = RentWriter(buffer);
        try
        {
            writer.WriteStartObject();
            writer.WritePropertyName(Body);
            var form = await EventBody.WriteAsync(writer, context, function);
            if (form == EventBodyForm.TooLarge)
            {
                return false;
            }

            WriteAfterBody(writer, context, function, isBase64: form == EventBodyForm.Base64);
            writer.Flush();
            return true;
        }
        finally
        {
            ReturnWriter(writer);
        }
    }

    /// <summary>A writer with the event's settings; give it back with <see cref="ReturnWriter"/>.</summary>
    public static Utf8JsonWriter RentWriter(PooledBuffer buffer)
    {
        var writer = Writers.Get();
        writer.Reset(buffer);
        return writer;
    }

    /// <summary>Keeps a writer for the next event.</summary>
    public static void ReturnWriter(Utf8JsonWriter writer) => Writers.Return(writer);

    private static void WriteAfterBody(Utf8JsonWriter writer, HttpContext context, EventFunction function, bool isBase64)
    {
        var gateway = context.Gateway();
        var target = gateway.Target;

        writer.WriteStartObject(Headers);
        EventHeaders.Write(writer, context, function);
        writer.WriteEndObject();

        writer.WriteString(HttpMethod, context.Request.Method);
        writer.WriteBoolean(IsBase64Encoded, isBase64);
        writer.WriteString(Path, target.Path);

        writer.WriteStartObject(PathParameters);
        WritePathParameters(writer, target.Path, function);
        writer.WriteEndObject();

        writer.WriteStartObject(QueryParameters);
        EventQuery.Write(writer, function.Rules.Query is { } rules ? WithoutMark(rules.Apply(context)) : target.Query, function.Options.RepeatedQuery);
        writer.WriteEndObject();

        writer.WriteEndObject();
    }

    private static ReadOnlySpan<char> WithoutMark(ReadOnlySpan<char> query) => query.IsEmpty ? query : query[1..];

    private static void WritePathParameters(Utf8JsonWriter writer, ReadOnlySpan<char> path, EventFunction function)
    {
        foreach (var (name, index) in function.PathParameters)
        {
            var raw = function.Api.Path.RawSegment(path, index);
            if (raw.Contains('%') && PercentEncoding.TryDecode(raw, plusIsSpace: false, out var decoded))
            {
                writer.WriteString(name, decoded);
            }
            else
            {
                writer.WriteString(name, raw);
            }
        }
    }
    private sealed class WriterPolicy : PooledObjectPolicy<Utf8JsonWriter>
    {
        public override Utf8JsonWriter Create() => new(Stream.Null, WriterOptions);

        public override bool Return(Utf8JsonWriter obj)
        {
            // Unflushed text of an event that failed may not reach the next one's buffer.
            obj.Reset();
            return true;
        }
    }
}
