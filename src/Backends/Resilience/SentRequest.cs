namespace Gateway.Backends.Resilience;

/// <summary>Makes the requests of further sends from the first.</summary>
internal static class SentRequest
{
    private static readonly UriCreationOptions Exact = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>The same target at another address of the backend, byte for byte.</summary>
    /// <param name="uri">The target at the first address.</param>
    /// <param name="from">The first address, with or without a trailing slash.</param>
    /// <param name="to">The other.</param>
    public static Uri MoveUri(Uri uri, string from, string to)
        => new(string.Concat(to.AsSpan().TrimEnd('/'), uri.OriginalString.AsSpan(from.AsSpan().TrimEnd('/').Length)), Exact);

    /// <summary>A request to be sent beside another. Both have the same content, which must be one that can be sent twice at once.</summary>
    public static HttpRequestMessage Copy(HttpRequestMessage request)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri)
        {
            Version = request.Version,
            VersionPolicy = request.VersionPolicy,
            Content = request.Content,
        };
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            copy.Headers.TryAddWithoutValidation(name, values);
        }

        foreach (var option in request.Options)
        {
            ((IDictionary<string, object?>)copy.Options)[option.Key] = option.Value;
        }

        return copy;
    }
}
