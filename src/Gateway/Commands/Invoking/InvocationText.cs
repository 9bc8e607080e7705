using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Gateway.Commands.Explaining;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Commands.Invoking;

/// <summary>Writes an exchange with a function, for people: the event byte for byte, all else without secrets and without bytes that a terminal acts on.</summary>
/// <param name="redaction">Takes the secrets out.</param>
internal sealed class InvocationText(Redaction redaction)
{
    private const string LogHeader = "X-Fc-Log-Result";
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>The whole report, UTF-8. To be called once.</summary>
    /// <param name="apiId">Group and name of the API.</param>
    /// <param name="exchange">What went out and came back.</param>
    /// <param name="answer">The answer made of it.</param>
    /// <param name="file">Where the answer's body is written; null for here.</param>
    public byte[] Write(string apiId, FunctionExchange exchange, FunctionAnswer answer, string? file)
    {
        if (exchange.Event is { } eventBytes)
        {
            Line($"Event   {Count(eventBytes.Length)}, {apiId}");
            _bytes.Write(eventBytes);
            Line("");
        }
        else
        {
            Line($"Event   none, {apiId}");
        }

        WriteResult(exchange);
        WriteLog(exchange);
        WriteAnswer(answer, file);
        return _bytes.WrittenSpan.ToArray();
    }

    private void WriteResult(FunctionExchange exchange)
    {
        if (exchange.Status is not { } status)
        {
            Line("\nResult  none: there was no answer to the call");
            return;
        }

        var size = exchange.IsResultWhole ? Count(exchange.Result.Length) : $"the first {Count(exchange.Result.Length)}";
        Line(string.Create(CultureInfo.InvariantCulture, $"\nResult  {status}, {size}, after {exchange.Duration.TotalMilliseconds:0} ms"));
        WriteHeaders(exchange.Facts.Where(static fact => !IsLog(fact)));
        Line("");
        WriteBody(exchange.Result.Span, () => $"({Count(exchange.Result.Length)} that are no text)");
    }

    private void WriteLog(FunctionExchange exchange)
    {
        if (exchange.Facts.FirstOrDefault(IsLog).Value is { Length: > 0 } log && Base64.IsValid(log))
        {
            Line("\nLog     its end, 4 KB at most");
            var bytes = Convert.FromBase64String(log);
            Text(Show(Encoding.UTF8.GetString(bytes)));
        }
    }

    private void WriteAnswer(FunctionAnswer answer, string? file)
    {
        Line($"\nAnswer  {answer.Status.ToString(CultureInfo.InvariantCulture)} {ReasonPhrases.GetReasonPhrase(answer.Status)}".TrimEnd());
        WriteHeaders(answer.Headers);
        if (file is not null)
        {
            Line($"\n({Count(answer.Body.Length)} in {file})");
        }
        else if (answer.Body.Length > 0)
        {
            var type = answer.Headers.FirstOrDefault(static header => header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Value ?? "no type";
            Line("");
            WriteBody(answer.Body, () => $"({Count(answer.Body.Length)} of {type}; --output FILE writes them down)");
        }
    }

    private void WriteHeaders(IEnumerable<KeyValuePair<string, string>> headers)
    {
        foreach (var (name, value) in headers)
        {
            Line(Show($"{name}: {value}"));
        }
    }

    /// <summary>Text as it is; what is none, or would act on a terminal, only by its size.</summary>
    private void WriteBody(ReadOnlySpan<byte> body, Func<string> describe)
    {
        string? text = null;
        try
        {
            text = StrictUtf8.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            // Bytes.
        }

        if (text is null || text.Any(static c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
        {
            Line(describe());
        }
        else if (text.Length > 0)
        {
            Text(text);
        }
    }

    private void Text(string text) => Line(text.EndsWith('\n') ? text[..^1] : text);

    private void Line(string text) => _bytes.Write(Encoding.UTF8.GetBytes(redaction.Apply(text) + "\n"));

    private static string Show(string text)
        => string.Create(text.Length, text, static (shown, text) =>
        {
            for (var i = 0; i < shown.Length; i++)
            {
                shown[i] = char.IsControl(text[i]) && text[i] is not ('\n' or '\t') ? '?' : text[i];
            }
        });

    private static bool IsLog(KeyValuePair<string, string> fact) => fact.Key.Equals(LogHeader, StringComparison.OrdinalIgnoreCase);

    private static string Count(int bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes} {(bytes == 1 ? "byte" : "bytes")}");
}
