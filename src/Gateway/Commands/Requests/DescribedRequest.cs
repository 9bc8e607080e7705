using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using Gateway.Contracts;
using Gateway.Requests;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Gateway.Commands.Requests;

/// <summary>A request that somebody describes instead of sending it. Immutable.</summary>
internal sealed record DescribedRequest
{
    private const string FormType = "application/x-www-form-urlencoded";

    /// <summary>The method as sent.</summary>
    public required string Method { get; init; }

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public required string Scheme { get; init; }

    /// <summary>Host and port that the request goes to.</summary>
    public required string Authority { get; init; }

    /// <summary>The header <c>Host</c>: the authority, unless another one was given; empty for none.</summary>
    public required string Host { get; init; }

    /// <summary>The request target as sent.</summary>
    public required string Target { get; init; }

    /// <summary>All headers but <c>Host</c> and <c>Content-Length</c>, in order.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The body; empty for none.</summary>
    public required byte[] Body { get; init; }

    /// <summary>True when the body is a form, whose parameters are signed.</summary>
    public bool IsForm => FormMediaType.Is(Find(HeaderNames.ContentType));

    /// <summary>The first value of a header, any case; null when it is absent.</summary>
    public string? Find(string name) => Headers.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>The same request with one header more, less or of another value.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its only value; null takes it away.</param>
    public DescribedRequest With(string name, string? value)
    {
        var others = Headers.Where(header => !header.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
        return this with { Headers = value is null ? [.. others] : [.. others, new(name, value)] };
    }

    /// <summary>Makes the request that curl would send for the arguments, <c>Accept</c> and <c>Content-Type</c> that it adds included.</summary>
    public static bool TryCreate(RequestArguments arguments, [NotNullWhen(true)] out DescribedRequest? request, [NotNullWhen(false)] out string? problem)
        => TryCreate(arguments, arguments.Url!, out request, out problem);

    /// <summary>Makes the request that curl would send for the arguments and this URL.</summary>
    public static bool TryCreate(
        RequestArguments arguments, string fullUrl, [NotNullWhen(true)] out DescribedRequest? request, [NotNullWhen(false)] out string? problem)
    {
        request = null;
        if (!RequestUrl.TryParse(fullUrl, out var url, out problem) || !TryReadBody(arguments.Bodies, out var body, out problem))
        {
            return false;
        }

        var headers = new List<KeyValuePair<string, string>>();
        var host = url.Authority;
        foreach (var (name, value) in arguments.Headers)
        {
            if (name.Equals(HeaderNames.Host, StringComparison.OrdinalIgnoreCase))
            {
                host = value ?? "";
            }
            else if (value is not null)
            {
                headers.Add(new(name, value));
            }
        }

        var hasBody = arguments.Bodies.Count > 0;
        AddUnlessGiven(headers, arguments, HeaderNames.Accept, "*/*");
        if (hasBody)
        {
            AddUnlessGiven(headers, arguments, HeaderNames.ContentType, FormType);
        }

        request = new DescribedRequest
        {
            Method = arguments.Method ?? (hasBody ? HttpMethods.Post : HttpMethods.Get),
            Scheme = url.Scheme,
            Authority = url.Authority,
            Host = host,
            Target = url.Target,
            Headers = headers,
            Body = body,
        };
        return true;
    }

    /// <summary>The request as the pipeline takes it, before any middleware has seen it.</summary>
    /// <param name="services">Services of the gateway; null where no middleware runs.</param>
    /// <param name="peer">Address of the TCP peer.</param>
    public DefaultHttpContext ToHttpContext(IServiceProvider? services = null, IPAddress? peer = null)
    {
        var context = new DefaultHttpContext();
        if (services is not null)
        {
            context.RequestServices = services;
        }

        var request = context.Request;
        request.Method = Method;
        request.Scheme = Scheme;
        request.Protocol = HttpProtocol.Http11;
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = Target;
        request.Headers.Host = Host;
        foreach (var (name, value) in Headers)
        {
            request.Headers.Append(name, value);
        }

        if (Body.Length > 0)
        {
            request.ContentLength = Body.Length;
            request.Body = new MemoryStream(Body, writable: false);
        }

        context.Connection.RemoteIpAddress = peer;
        return context;
    }

    /// <summary>The request as the signature code takes it: checked, with its target cut.</summary>
    /// <returns>Null when the target is not a path.</returns>
    public DefaultHttpContext? ToSignedContext()
    {
        if (!RequestTarget.TryParse(Target, out var target))
        {
            return null;
        }

        var context = ToHttpContext();
        context.Features.Set(new GatewayFeature { RequestId = RequestStartMiddleware.NewRequestId(), Target = target });
        return context;
    }

    private static bool TryReadBody(IReadOnlyList<BodyArgument> parts, out byte[] body, [NotNullWhen(false)] out string? problem)
    {
        (body, problem) = ([], null);
        var bytes = new MemoryStream();
        for (var i = 0; i < parts.Count; i++)
        {
            if (i > 0)
            {
                bytes.WriteByte((byte)'&');
            }

            try
            {
                bytes.Write(parts[i].IsFile ? File.ReadAllBytes(parts[i].Text) : Encoding.UTF8.GetBytes(parts[i].Text));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                problem = $"the file of the body cannot be read: {exception.Message}";
                return false;
            }
        }

        body = bytes.ToArray();
        return true;
    }

    private static void AddUnlessGiven(List<KeyValuePair<string, string>> headers, RequestArguments arguments, string name, string value)
    {
        if (!arguments.Headers.Any(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            headers.Add(new(name, value));
        }
    }
}
