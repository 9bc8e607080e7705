namespace Gateway.Contracts;

/// <summary>Tells a form, <c>application/x-www-form-urlencoded</c>, by its content type. Parameters of the media type change nothing.</summary>
/// <remarks>One test for all: what counts as a form when its signature is verified must be one when it is sent on.</remarks>
public static class FormMediaType
{
    private const string Name = "application/x-www-form-urlencoded";

    /// <summary>Whether a value of <c>Content-Type</c> is that of a form, in any case.</summary>
    public static bool Is(ReadOnlySpan<char> contentType)
    {
        var parameters = contentType.IndexOf(';');
        return (parameters < 0 ? contentType : contentType[..parameters]).Trim().Equals(Name, StringComparison.OrdinalIgnoreCase);
    }
}
