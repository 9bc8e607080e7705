using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Backends.EventFunctions;

/// <summary>How a body came to stand in the event.</summary>
internal enum EventBodyForm
{
    /// <summary>As text; <c>isBase64Encoded</c> is false.</summary>
    Text,

    /// <summary>As Base64; <c>isBase64Encoded</c> is true.</summary>
    Base64,

    /// <summary>Not at all: it is larger than the API takes.</summary>
    TooLarge,
}

/// <summary>Reads the client's body and writes it as the event's <c>body</c>.</summary>
internal static class EventBody
{
    /// <summary>A form of more fields than these stands in the event as sent: a map of millions of names would cost fifty times their size.</summary>
    private const int MostMappedFields = 4096;

    /// <summary>A first buffer no larger than this, so that a big Content-Length without a body rents nothing.</summary>
    private const int LargestGuess = 64 << 10;

    /// <summary>Writes the value of <c>body</c>; the property's name is written already.</summary>
    public static ValueTask<EventBodyForm> WriteAsync(Utf8JsonWriter writer, HttpContext context, EventFunction function)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            writer.WriteStringValue(""u8);
            return new(EventBodyForm.Text);
        }

        var kind = EventBodyKinds.Of(context.Request.Headers, function.Options);
        return kind == EventBodyKind.Base64
            ? WriteBase64Async(writer, context, function.MaxBody)
            : WriteTextAsync(writer, context, function.MaxBody, kind);
    }

    private static async ValueTask<EventBodyForm> WriteBase64Async(Utf8JsonWriter writer, HttpContext context, long maxBody)
    {
        var body = context.Request.BodyReader;
        long total = 0;
        while (true)
        {
            var read = await body.ReadAsync(context.RequestAborted);
            total += read.Buffer.Length;
            if (total > maxBody)
            {
                body.AdvanceTo(read.Buffer.End);
                return EventBodyForm.TooLarge;
            }

            foreach (var segment in read.Buffer)
            {
                // Even an empty segment would open the string, and an empty body shall stay "".
                if (!segment.IsEmpty)
                {
                    writer.WriteBase64StringSegment(segment.Span, isFinalSegment: false);
                }
            }

            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return EndBase64(writer, total);
            }
        }
    }

    /// <summary>Closes the string. Base64 of nothing is <c>""</c> and no Base64: samples that decode only when told to stay alive.</summary>
    private static EventBodyForm EndBase64(Utf8JsonWriter writer, long total)
    {
        if (total == 0)
        {
            writer.WriteStringValue(""u8);
            return EventBodyForm.Text;
        }

        writer.WriteBase64StringSegment([], isFinalSegment: true);
        return EventBodyForm.Base64;
    }

    /// <summary>Text can be judged only when all of it is there. A body that arrives in one piece is judged where it lies.</summary>
    private static async ValueTask<EventBodyForm> WriteTextAsync(Utf8JsonWriter writer, HttpContext context, long maxBody, EventBodyKind kind)
    {
        var body = context.Request.BodyReader;
        var first = await body.ReadAsync(context.RequestAborted);
        if (first is { IsCompleted: true, Buffer.IsSingleSegment: true } && first.Buffer.Length <= maxBody)
        {
            var form = WriteWhole(writer, first.Buffer.FirstSpan, kind);
            body.AdvanceTo(first.Buffer.End);
            return form;
        }

        using var whole = new PooledBuffer((int)Math.Min(context.Request.ContentLength ?? 4096, LargestGuess));
        return await TryCollectAsync(body, first, whole, maxBody, context.RequestAborted)
            ? WriteWhole(writer, whole.WrittenSpan, kind)
            : EventBodyForm.TooLarge;
    }

    private static async ValueTask<bool> TryCollectAsync(
        PipeReader body, ReadResult read, PooledBuffer whole, long maxBody, CancellationToken cancellationToken)
    {
        while (true)
        {
            var fits = whole.Length + read.Buffer.Length <= maxBody;
            if (fits)
            {
                foreach (var segment in read.Buffer)
                {
                    whole.Write(segment.Span);
                }
            }

            body.AdvanceTo(read.Buffer.End);
            if (!fits || read.IsCompleted)
            {
                return fits;
            }

            read = await body.ReadAsync(cancellationToken);
        }
    }

    /// <summary>Writes text, or Base64 where the bytes are no text: every byte the client sent stays recoverable.</summary>
    private static EventBodyForm WriteWhole(Utf8JsonWriter writer, ReadOnlySpan<byte> body, EventBodyKind kind)
    {
        if (!Utf8.IsValid(body))
        {
            writer.WriteBase64StringValue(body);
            return EventBodyForm.Base64;
        }

        if (kind == EventBodyKind.FormMap && !body.IsEmpty && body.Count((byte)'&') < MostMappedFields)
        {
            WriteFormMap(writer, Encoding.UTF8.GetString(body));
        }
        else
        {
            writer.WriteStringValue(body);
        }

        return EventBodyForm.Text;
    }

    /// <summary>The form's fields as the text of a JSON object inside the event's JSON.</summary>
    private static void WriteFormMap(Utf8JsonWriter writer, string form)
    {
        using var map = new PooledBuffer(Math.Max(form.Length, 256));
        var mapWriter = EventWriter.RentWriter(map);
        try
        {
            mapWriter.WriteStartObject();
            EventQuery.Write(mapWriter, form, RepeatedQuery.First);
            mapWriter.WriteEndObject();
            mapWriter.Flush();
            writer.WriteStringValue(map.WrittenSpan);
        }
        finally
        {
            EventWriter.ReturnWriter(mapWriter);
        }
    }
}
