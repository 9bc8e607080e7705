using System.Diagnostics;

namespace Gateway.Contracts;

/// <summary>The names under which the gateway measures and traces itself, and the labels that several projects use.</summary>
public static class Telemetry
{
    /// <summary>Name of the one meter and of the one source of spans.</summary>
    public const string Name = "Gateway";

    /// <summary>Group and API; <c>_other</c> where none was matched.</summary>
    public const string Api = "gateway.api";

    /// <summary>The API's group.</summary>
    public const string Group = "gateway.group";

    /// <summary>The stage that the process serves.</summary>
    public const string Stage = "gateway.stage";

    /// <summary>Name of the backend.</summary>
    public const string Backend = "gateway.backend";

    /// <summary>Code of the gateway's own error.</summary>
    public const string ErrorCode = "gateway.error.code";

    /// <summary>Makes the gateway's spans: one a request and one a call to a backend. Costs nothing while nobody listens.</summary>
    public static ActivitySource Spans { get; } = new(Name);

    /// <summary>HTTP statuses as label values, boxed once.</summary>
    private static readonly object[] Statuses = [.. Enumerable.Range(0, 600).Select(static status => (object)status)];

    /// <summary>A status as a label value, without an allocation.</summary>
    /// <param name="status">The status, 0 to 599 without an allocation.</param>
    public static object Status(int status) => (uint)status < (uint)Statuses.Length ? Statuses[status] : status;
}
