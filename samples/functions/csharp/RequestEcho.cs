using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Samples;

/// <summary>Describes a request as JSON: method, target, headers and body.</summary>
internal static class RequestEcho
{
    /// <summary>A longer body is only counted and hashed: an upload of any size passes through without being held.</summary>
    private const int LongestEchoedBody = 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true };

    /// <summary>Reads the request to its end, then answers with its description.</summary>
    public static async Task WriteAsync(HttpContext context)
    {
        var (start, length, sha256) = await ReadBodyAsync(context);

        context.Response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, Options);
        json.WriteStartObject();
        json.WriteString("method", context.Request.Method);
        json.WriteString("target", context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        json.WriteStartObject("headers");
        foreach (var (name, values) in context.Request.Headers)
        {
            json.WriteString(name, values.ToString());
        }

        json.WriteEndObject();
        WriteBody(json, start, length);
        json.WriteNumber("bodyLength", length);
        json.WriteString("bodySha256", sha256);
        json.WriteEndObject();
    }

    private static async Task<(ReadOnlyMemory<byte> Start, long Length, string Sha256)> ReadBodyAsync(HttpContext context)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var start = new MemoryStream();
        var buffer = new byte[64 * 1024];
        long length = 0;
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            length += read;
            hash.AppendData(buffer, 0, read);
            if (length <= LongestEchoedBody)
            {
                start.Write(buffer, 0, read);
            }
        }

        return (start.ToArray(), length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>As text where it is UTF-8, else as Base64; not at all when it was too long to keep.</summary>
    private static void WriteBody(Utf8JsonWriter json, ReadOnlyMemory<byte> body, long length)
    {
        if (length > LongestEchoedBody)
        {
            return;
        }

        try
        {
            json.WriteString("body", StrictUtf8.GetString(body.Span));
        }
        catch (DecoderFallbackException)
        {
            json.WriteBase64String("bodyBase64", body.Span);
        }
    }
}
