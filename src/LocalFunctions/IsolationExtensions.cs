using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gateway.LocalFunctions;

/// <summary>Keeps the functions' server apart from the gateway's in the same process.</summary>
internal static class IsolationExtensions
{
    private const string Name = "Gateway.LocalFunctions";

    /// <summary>Replaces what a host shares with the process around it: signals, spans, diagnostics and metrics.</summary>
    /// <remarks>
    /// Under the framework's own names, requests to functions would count as requests to the gateway in its metrics and traces, and a
    /// second console lifetime would stop the functions on Ctrl+C while the gateway still drains.
    /// </remarks>
    public static void AddIsolation(this IServiceCollection services)
    {
        var diagnostics = new DiagnosticListener(Name);
        services.AddSingleton(diagnostics);
        services.AddSingleton<DiagnosticSource>(diagnostics);
        services.AddSingleton(new ActivitySource(Name));
        services.AddSingleton<IMeterFactory, OneMeterFactory>();
        services.AddSingleton<IHostLifetime, OwnerLifetime>();
    }

    /// <summary>Creates every instrument in one meter of our own name.</summary>
    private sealed class OneMeterFactory : IMeterFactory
    {
        private readonly Meter _meter = new(Name);

        public Meter Create(MeterOptions options) => _meter;

        public void Dispose() => _meter.Dispose();
    }

    /// <summary>The owner of the host says when it stops; no signal does.</summary>
    private sealed class OwnerLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
