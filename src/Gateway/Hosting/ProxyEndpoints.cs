namespace Gateway.Hosting;

/// <summary>YARP's endpoints, wherever a reload needs them.</summary>
internal sealed class ProxyEndpoints
{
    private IEnumerable<EndpointDataSource> _sources = [];

    /// <summary>The endpoints that YARP has built last.</summary>
    public IEnumerable<Endpoint> All => _sources.SelectMany(static source => source.Endpoints);

    /// <summary>Remembers where they come from. Called once, when the pipeline is built.</summary>
    public void Attach(IEnumerable<EndpointDataSource> sources) => _sources = [.. sources];
}
