using Microsoft.Extensions.Primitives;

namespace Gateway.Backends.Http;

/// <summary>Tells a form, <c>application/x-www-form-urlencoded</c>, by its content type. Parameters of the media type change nothing.</summary>
internal static class FormMediaType
{
    private const string Name = "application/x-www-form-urlencoded";

    /// <summary>Whether a <c>Content-Type</c> header is that of a form.</summary>
    public static bool Is(StringValues contentType)
    {
        if (contentType.Count != 1)
        {
            return false;
        }

        var text = contentType[0].AsSpan();
        var parameters = text.IndexOf(';');
        return (parameters < 0 ? text : text[..parameters]).Trim().Equals(Name, StringComparison.OrdinalIgnoreCase);
    }
}
