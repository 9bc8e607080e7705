using System.Collections.Frozen;
using System.Net;
using System.Runtime.InteropServices;
using Gateway.Contracts;
using Gateway.Policies.Forwarding;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Throttling;

/// <summary>What the counters of a limit are told apart by.</summary>
internal enum CountedBy
{
    /// <summary>Nothing: one counter.</summary>
    Api,

    /// <summary>The app that calls.</summary>
    App,

    /// <summary>The client's address; with IPv6 its /64 network, which is what one subscriber has.</summary>
    Address,

    /// <summary>The value of a request header.</summary>
    Header,

    /// <summary>The value of a query parameter.</summary>
    Query,

    /// <summary>The value of a path parameter.</summary>
    Path,
}

/// <summary>One limit of one API, compiled: what it counts, and how much of it. Immutable.</summary>
internal sealed class ThrottlingLimit
{
    private const int AddressLength = 16;
    private const int NetworkLength = 8;

    /// <summary>Names the limit's counters: the same after a reload that leaves policy, rule and API alone.</summary>
    public required Hash128 Id { get; init; }

    /// <summary>Name of the policy, for metrics.</summary>
    public required string Policy { get; init; }

    /// <summary>What is counted.</summary>
    public required CountedBy CountedBy { get; init; }

    /// <summary>The unit of time.</summary>
    public required ThrottlingUnit Unit { get; init; }

    /// <summary>Requests a unit; null for apps without a limit of their own when there is none for all.</summary>
    public required long? Allowed { get; init; }

    /// <summary>Headers that show the limit.</summary>
    public required ThrottlingHeaders Headers { get; init; }

    /// <summary>Limits of single apps.</summary>
    public FrozenDictionary<string, long> Apps { get; init; } = FrozenDictionary<string, long>.Empty;

    /// <summary>Header or query parameter with the value.</summary>
    public string ValueName { get; init; } = "";

    /// <summary>Path of the API, for <see cref="CountedBy.Path"/>.</summary>
    public PathTemplate? Path { get; init; }

    /// <summary>Which segment of the path has the value.</summary>
    public int Segment { get; init; }

    /// <summary>What a client is told is counted: <c>client address</c>, or the rule's name. Never a value.</summary>
    public string? Detail { get; init; }

    /// <summary>The refusal.</summary>
    public GatewayError Error => CountedBy switch
    {
        CountedBy.Api => GatewayError.ThrottledByApi,
        CountedBy.App => GatewayError.ThrottledByApp,
        _ => GatewayError.ThrottledByValue,
    };

    /// <summary>True when the configuration, not the client, says how many counters there can be.</summary>
    public bool HasNamedCounters => CountedBy is CountedBy.Api or CountedBy.App;

    /// <summary>Finds the counter of a request.</summary>
    /// <returns>False when the limit does not apply: no app, no limit for this app, or the request has no such value.</returns>
    public bool TryCharge(HttpContext context, GatewayFeature gateway, IThrottlingStore store, out ThrottlingCharge charge)
    {
        var allowed = Allowed;
        ReadOnlySpan<char> value = default;
        charge = default;
        switch (CountedBy)
        {
            case CountedBy.Address:
                charge = new ThrottlingCharge(this, CreateKey(store, gateway.ClientAddress), allowed!.Value);
                return true;
            case CountedBy.App when gateway.Caller is { } caller:
                value = caller.Name;
                allowed = Apps.TryGetValue(caller.Name, out var own) ? own : allowed;
                break;
            case CountedBy.Header:
                value = context.Request.Headers[ValueName].ToString();
                break;
            case CountedBy.Query:
                value = RequestValue.FindInQuery(gateway.Target.Query, ValueName);
                break;
            case CountedBy.Path:
                value = RequestValue.Decode(Path!.RawSegment(gateway.Target.Path, Segment), plusIsSpace: false);
                break;
        }

        if (allowed is not { } limit || (value.IsEmpty && CountedBy != CountedBy.Api))
        {
            return false;
        }

        charge = new ThrottlingCharge(this, store.CreateKey(Id, MemoryMarshal.AsBytes(value)), limit);
        return true;
    }

    /// <summary>Callers whose address is not known count as one.</summary>
    private Hash128 CreateKey(IThrottlingStore store, IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[AddressLength];
        if (address is null || !TrustedProxies.Normalize(address).TryWriteBytes(bytes, out var length))
        {
            length = 0;
        }

        return store.CreateKey(Id, bytes[..Math.Min(length, NetworkLength)]);
    }
}
