using System.Collections.Immutable;
using Gateway.Backends.SystemParameters;
using Gateway.Contracts;

namespace Gateway.Backends.Http;

/// <summary>What one API changes of the requests it sends on, beside the rule for all. Compiled; immutable.</summary>
internal sealed class ApiRequestRules
{
    private readonly ImmutableArray<string> _removedHeaders;

    /// <param name="api">The API.</param>
    /// <param name="time">The clock of system parameters.</param>
    public ApiRequestRules(ApiBackend api, TimeProvider time)
    {
        Values = new SystemValues(api, time);
        Headers = [.. api.SystemParameters.Where(static parameter => !parameter.IsQuery)];
        _removedHeaders = [.. Headers.Select(static parameter => parameter.Name), .. api.Options.HideSignature ? CaHeaders.OfSignatures : []];
        Query = QueryRules.Compile(api, Values);
    }

    /// <summary>System parameters that go into headers.</summary>
    public ImmutableArray<SystemParameter> Headers { get; }

    /// <summary>Reads system parameters.</summary>
    public SystemValues Values { get; }

    /// <summary>What happens to the query; null when it goes on as it is.</summary>
    public QueryRules? Query { get; }

    /// <summary>Whether a header of the client is kept back, because it is hidden or a system parameter has its name.</summary>
    public bool RemovesHeader(string name) => !_removedHeaders.IsEmpty && FoldedName.IsAnyOf(name, _removedHeaders.AsSpan());
}
