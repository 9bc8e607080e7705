using System.Collections.Concurrent;
using Gateway.Contracts;

namespace Gateway.Policies.Throttling;

/// <summary>Counts the requests under way, by API. The counts outlive a reload, as the requests do.</summary>
internal sealed class ConcurrencyGates
{
    private readonly ConcurrentDictionary<string, ConcurrencyGate> _gates = new(StringComparer.Ordinal);

    /// <summary>The gate of an API.</summary>
    public ConcurrencyGate Of(string apiId) => _gates.GetOrAdd(apiId, static _ => new ConcurrencyGate());
}
