using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.Backends.EventFunctions;

/// <summary>What a request's headers and the backend's options say about its body.</summary>
internal enum EventBodyKind
{
    /// <summary>Goes as Base64, unseen.</summary>
    Base64,

    /// <summary>Goes as it is where its bytes are UTF-8.</summary>
    Text,

    /// <summary>Goes as a JSON map of its fields where its bytes are UTF-8.</summary>
    FormMap,
}

/// <summary>Decides the kind of a body.</summary>
internal static class EventBodyKinds
{
    /// <summary>The kind of the body that comes with these headers. Parameters of the media type change nothing.</summary>
    public static EventBodyKind Of(IHeaderDictionary headers, EventFunctionOptions options)
    {
        if (!IsIdentity(headers.ContentEncoding))
        {
            return EventBodyKind.Base64;
        }

        if (headers.ContentType is [var type] && FormMediaType.Is(type))
        {
            return options.FormBody switch
            {
                FormBodyEncoding.Raw => EventBodyKind.Text,
                FormBodyEncoding.JsonMap => EventBodyKind.FormMap,
                _ => EventBodyKind.Base64,
            };
        }

        return options.Body == EventBodyEncoding.Text ? EventBodyKind.Text : EventBodyKind.Base64;
    }

    private static bool IsIdentity(StringValues contentEncoding)
    {
        foreach (var line in contentEncoding)
        {
            var coding = line.AsSpan().Trim();
            if (!coding.IsEmpty && !coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }
}
