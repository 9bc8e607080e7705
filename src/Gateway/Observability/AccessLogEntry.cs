using System.Collections;
using System.Diagnostics;
using System.Globalization;
using Gateway.Contracts;

namespace Gateway.Observability;

/// <summary>The fields of one line of the access log, under OpenTelemetry's names. Never a query, a credential or a body.</summary>
internal sealed class AccessLogEntry : IReadOnlyList<KeyValuePair<string, object?>>
{
    private const int MostFields = 24;
    private const int LongestMethod = 64;

    private readonly KeyValuePair<string, object?>[] _fields = new KeyValuePair<string, object?>[MostFields];
    private readonly string _path;
    private readonly string _method;
    private readonly ApiLabels _labels;
    private readonly RequestOutcome _outcome;
    private readonly string? _code;
    private readonly int _status;
    private readonly double _total;
    private readonly double _backend;

    private AccessLogEntry(HttpContext context, GatewayFeature gateway, in RequestEnd end, Activity? span)
    {
        (_labels, _outcome, _code, _status) = (end.Labels, end.Outcome, end.Error?.Code, end.Status);
        (_total, _backend) = (Round(end.Total), Round(end.Backend));
        _path = Visible(gateway.Target.Path);
        _method = context.Request.Method is { Length: <= LongestMethod } method ? method : RequestSpan.OtherMethod;
        if (span is not null)
        {
            Add("trace_id", span.TraceId.ToHexString());
            Add("span_id", span.SpanId.ToHexString());
        }

        Add("gateway.request_id", gateway.RequestId);
        Add(Telemetry.Api, _labels.Api);
        Add(Telemetry.Group, _labels.Group);
        Add(Telemetry.Stage, _labels.Stage);
        Add("gateway.outcome", _outcome.Name());
        AddIfAny("gateway.app", end.App);
        AddIfAny(Telemetry.ErrorCode, _code);
        Add("http.request.method", _method);
        Add("url.scheme", context.Request.Scheme);
        Add("url.path", _path);
        Add("network.protocol.version", RequestSpan.VersionOf(context.Request.Protocol));
        Add("http.response.status_code", Telemetry.Status(_status));
        AddIfAny("client.address", gateway.ClientAddress?.ToString());
        Add("http.request.body.size", end.RequestBytes);
        Add("http.response.body.size", end.ResponseBytes);
        Add("gateway.duration", _total);
        if (gateway.BackendStartedAt > 0)
        {
            Add("gateway.backend.duration", _backend);
        }

        Add("gateway.overhead.duration", Round(end.Overhead));
        AddIfAny("faas.invocation_id", gateway.InvocationId);
    }

    /// <summary>Makes the line of a request.</summary>
    public static AccessLogEntry Create(HttpContext context, in RequestEnd end, Activity? span) => new(context, context.Gateway(), end, span);

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public KeyValuePair<string, object?> this[int index] => index < Count ? _fields[index] : throw new ArgumentOutOfRangeException(nameof(index));

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return _fields[i];
        }
    }

    /// <summary>The line for people: <c>GET /hello/ann 200 ok demo/greet 12.3 ms (backend 11.9 ms)</c>.</summary>
    public override string ToString()
        => string.Create(
            CultureInfo.InvariantCulture,
            $"{_method} {_path} {_status} {_outcome.Name()}{(_code is null ? "" : " " + _code)} {_labels.Api} {_total * 1000:0.0} ms (backend {_backend * 1000:0.0} ms)");

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The path with <c>#</c> for control characters, which the server lets through and a console would obey.</summary>
    private static string Visible(ReadOnlySpan<char> path)
        => !path.ContainsAnyInRange('\0', '\x1f') && !path.ContainsAnyInRange('\x7f', '\x9f')
            ? path.ToString()
            : string.Create(path.Length, path, static (text, source) =>
            {
                for (var i = 0; i < text.Length; i++)
                {
                    text[i] = char.IsControl(source[i]) ? '#' : source[i];
                }
            });

    private static double Round(TimeSpan time) => Math.Round(time.TotalSeconds, 6);

    private void Add(string name, object? value) => _fields[Count++] = new(name, value);

    private void AddIfAny(string name, string? value)
    {
        if (value is not null)
        {
            Add(name, value);
        }
    }
}
