using System.Collections.Frozen;
using Gateway.Backends;

namespace Gateway.Configuration.Validation;

/// <summary>Rules for fixed answers: whatever is written must be an answer that HTTP can carry.</summary>
internal static class MockValidator
{
    /// <summary>Headers of framing and of the connection (RFC 9110 §7.6.1, RFC 9112 §6): the server writes them.</summary>
    private static readonly FrozenSet<string> Framing = new[]
    {
        "Connection", "Content-Length", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds the problems of one fixed answer.</summary>
    public static void Validate(MockOptions mock, string path, ValidationContext context)
    {
        foreach (var (name, value) in mock.Headers)
        {
            var headerPath = $"{path}:{nameof(mock.Headers)}:{name}";
            if (!HttpToken.IsToken(name))
            {
                context.Add(headerPath, $"{Show.Value(name)} is not the name of a header. Use letters, digits and '-'.");
            }
            else if (Framing.Contains(name))
            {
                context.Add(headerPath, $"{name} belongs to the connection, and the server writes it. Take it out.");
            }
            else if (!HttpToken.IsHeaderValue(value))
            {
                context.Add(headerPath, "the value holds a control character or line break. Write it in one line.");
            }
        }

        if (mock.StatusCode is 204 or 205 or 304 && !string.IsNullOrEmpty(mock.Body))
        {
            context.Add($"{path}:{nameof(mock.Body)}", $"an answer with status {mock.StatusCode} has no body. Take it out, or use another status.");
        }
    }
}
