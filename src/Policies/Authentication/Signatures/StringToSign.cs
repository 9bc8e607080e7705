using System.Text;
using System.Text.Unicode;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Gateway.Policies.Authentication.Signatures;

/// <summary>Writes the text that the signature of a request covers: the documented one, and the ones that clients sign where it is unclear.</summary>
/// <remarks>
/// Method, Accept, Content-MD5, Content-Type and Date, a line each, empty where the header is absent; the listed headers; the path as sent
/// with the decoded parameters. UTF-8, no line feed at the end. Everything is taken from the request as it stood on the wire.
/// </remarks>
internal ref struct StringToSign : IDisposable
{
    private const int UsualLength = 1024;

    private readonly string _method;
    private readonly RequestTarget _target;
    private readonly IHeaderDictionary _headers;
    private readonly SignedParameters _parameters;
    private Utf8Buffer _text;

    private StringToSign(HttpContext context, RequestTarget target, SignedParameters parameters)
    {
        // The CONNECT of a WebSocket over HTTP/2 (RFC 8441) is a GET to whoever signed it.
        var isWebSocket = context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };
        _method = isWebSocket ? HttpMethods.Get : context.Request.Method;
        _target = target;
        _headers = context.Request.Headers;
        _parameters = parameters;
        _text = new Utf8Buffer(UsualLength);
    }

    /// <summary>Whether a name stands more than once in query and form.</summary>
    public readonly bool HasRepeatedParameter => _parameters.HasRepeated;

    /// <summary>Whether a name stands in the query and in the form.</summary>
    public readonly bool HasClash => _parameters.HasClash;

    /// <summary>Reads the parameters of a request.</summary>
    /// <param name="context">The request, its target already cut.</param>
    /// <param name="form">Bytes of its form; empty when its body is no form.</param>
    /// <param name="charset">Charset of the form; null for UTF-8.</param>
    /// <param name="text">Writes the texts; its owner disposes it once. Nothing to dispose on failure.</param>
    /// <returns>False when there are more parameters than are read.</returns>
    public static bool TryCreate(HttpContext context, ReadOnlySpan<byte> form, Encoding? charset, out StringToSign text)
    {
        text = default;
        var target = context.Gateway().Target;
        if (!SignedParameters.TryRead(target.Query, form, charset, out var parameters))
        {
            return false;
        }

        text = new StringToSign(context, target, parameters);
        return true;
    }

    /// <summary>Writes the documented text.</summary>
    /// <param name="written">The text, valid until the next one is written.</param>
    /// <param name="hideAppCode">True to write AppCodes as <c>***</c>.</param>
    /// <returns>False when the listed headers are too long.</returns>
    public bool TryWriteDocumented(out ReadOnlySpan<byte> written, bool hideAppCode = false)
    {
        var isShort = TryWriteHead(hideAppCode);
        _text.Append(_target.Path);
        _parameters.WriteTo(ref _text, queryFirst: false, hideAppCode);
        written = _text.Written;
        return isShort;
    }

    /// <summary>
    /// Writes the text with the path percent-decoded, as sdk-core signs path parameters. <c>%2F</c>, <c>%3F</c> and <c>%25</c> stay, so that
    /// it cannot stand for a path with other segments, or for a path and a query.
    /// </summary>
    /// <returns>False when decoding changes nothing or gives no UTF-8.</returns>
    public bool TryWriteDecodedPath(out ReadOnlySpan<byte> written)
    {
        TryWriteHead(hideAppCode: false);
        var isDecoded = TryAppendDecoded(_target.Path);
        _parameters.WriteTo(ref _text, queryFirst: false, hideAppCode: false);
        written = _text.Written;
        return isDecoded;
    }

    /// <summary>Writes the text with the query's value where a name stands in the query and in the form.</summary>
    public ReadOnlySpan<byte> WriteQueryFirst()
    {
        TryWriteHead(hideAppCode: false);
        _text.Append(_target.Path);
        _parameters.WriteTo(ref _text, queryFirst: true, hideAppCode: false);
        return _text.Written;
    }

    /// <summary>Writes the text with a header block of the AppKey alone, which some documents say is the default without a list.</summary>
    /// <param name="keyName">How the client may have spelled <c>X-Ca-Key</c>.</param>
    public ReadOnlySpan<byte> WriteKeyAlone(string keyName)
    {
        WriteFixedLines();
        SignedHeaderList.TryWrite(ref _text, keyName, _headers, hideAppCode: false);
        _text.Append(_target.Path);
        _parameters.WriteTo(ref _text, queryFirst: false, hideAppCode: false);
        return _text.Written;
    }

    /// <summary>Gives everything back to the pool.</summary>
    public void Dispose()
    {
        _parameters.Dispose();
        _text.Dispose();
    }

    private bool TryWriteHead(bool hideAppCode)
    {
        WriteFixedLines();
        return !_headers.TryGetValue(CaHeaders.SignatureHeaders, out var list) || SignedHeaderList.TryWrite(ref _text, First(list), _headers, hideAppCode);
    }

    private void WriteFixedLines()
    {
        _text.Length = 0;
        _text.AppendLine(_method);
        _text.AppendLine(First(_headers.Accept));
        _text.AppendLine(First(_headers.ContentMD5));
        _text.AppendLine(First(_headers.ContentType));
        _text.AppendLine(First(_headers.Date));
    }

    private bool TryAppendDecoded(ReadOnlySpan<char> path)
    {
        var start = _text.Length;
        var isDecoded = false;
        for (var i = 0; i < path.Length; i++)
        {
            var value = path[i] == '%' ? PercentEncoding.HexByte(path, i + 1) : -1;
            if (value is < 0 or '/' or '?' or '%')
            {
                _text.Append(path.Slice(i, 1));
                continue;
            }

            _text.Append((byte)value);
            i += 2;
            isDecoded = true;
        }

        return isDecoded && Utf8.IsValid(_text.Written[start..]);
    }

    private static ReadOnlySpan<char> First(StringValues values) => values.Count == 0 ? default : values[0].AsSpan();
}
