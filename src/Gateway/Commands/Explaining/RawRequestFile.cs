using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Gateway.Commands.Requests;
using Microsoft.Net.Http.Headers;

namespace Gateway.Commands.Explaining;

/// <summary>Reads a raw HTTP/1.1 request, e.g. one captured from the wire.</summary>
internal static class RawRequestFile
{
    /// <summary>Reads a file. Line ends may be LF or CR LF; the body is everything behind the empty line, cut at <c>Content-Length</c>.</summary>
    public static bool TryRead(string path, [NotNullWhen(true)] out DescribedRequest? request, [NotNullWhen(false)] out string? problem)
    {
        request = null;
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problem = $"the file of the request cannot be read: {exception.Message}";
            return false;
        }

        var headLength = FindBody(bytes, out var bodyStart);
        var lines = Encoding.UTF8.GetString(bytes, 0, headLength).Split('\n').Select(static line => line.TrimEnd('\r')).ToArray();
        if (lines[0].Split(' ') is not [{ Length: > 0 } method, { Length: > 0 } target, ['H', 'T', 'T', 'P', '/', ..]])
        {
            problem = $"'{path}' does not begin with a request line such as GET /path HTTP/1.1";
            return false;
        }

        var headers = new List<KeyValuePair<string, string>>();
        string? host = null, length = null;
        foreach (var line in lines.Skip(1).Where(static line => line.Length > 0))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                problem = $"'{path}' holds a line that is not a header: {line}";
                return false;
            }

            var (name, value) = (line[..colon], line[(colon + 1)..].Trim(' ', '\t'));
            if (name.Equals(HeaderNames.Host, StringComparison.OrdinalIgnoreCase))
            {
                host = value;
            }
            else if (name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase))
            {
                length = value;
            }
            else
            {
                headers.Add(new(name, value));
            }
        }

        var body = bytes.AsSpan(bodyStart);
        problem = null;
        request = new DescribedRequest
        {
            Method = method,
            Scheme = "http",
            Authority = host ?? "",
            Host = host ?? "",
            Target = target,
            Headers = headers,
            Body = (int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var announced) && announced < body.Length ? body[..announced] : body).ToArray(),
        };
        return true;
    }

    private static int FindBody(ReadOnlySpan<byte> bytes, out int bodyStart)
    {
        var crlf = bytes.IndexOf("\r\n\r\n"u8);
        var lf = bytes.IndexOf("\n\n"u8);
        if (crlf < 0 && lf < 0)
        {
            bodyStart = bytes.Length;
            return bytes.Length;
        }

        var isLf = crlf < 0 || (lf >= 0 && lf < crlf);
        bodyStart = isLf ? lf + 2 : crlf + 4;
        return isLf ? lf : crlf;
    }
}
