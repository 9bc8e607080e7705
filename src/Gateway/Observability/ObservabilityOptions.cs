namespace Gateway.Observability;

/// <summary>The section <c>Gateway:Observability</c>. Where telemetry goes is told by the standard <c>OTEL_*</c> variables.</summary>
public sealed record ObservabilityOptions
{
    /// <summary>Continues the trace that a caller's <c>traceparent</c> names. False starts a trace of its own, which links to the caller's: at the edge of the internet nobody else shall decide what is sampled.</summary>
    public bool TrustTraceParent { get; init; } = true;

    /// <summary>Counts requests by app too (<c>gateway.app.requests</c>). Off by default: one series for each app, API and outcome.</summary>
    public bool AppMetrics { get; init; }
}
