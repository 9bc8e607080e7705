namespace Gateway.Observability;

/// <summary>Which signals go to an OTLP endpoint, by OpenTelemetry's own environment variables.</summary>
/// <remarks>
/// The SDK reads where and how (endpoint, headers, protocol, timeout, batches, sampler, resource), but it neither stays off without an endpoint nor
/// knows <c>OTEL_SDK_DISABLED</c> and <c>OTEL_TRACES_EXPORTER</c> and its like; these are read here.
/// </remarks>
/// <param name="Traces">Whether spans are sent.</param>
/// <param name="Metrics">Whether metrics are sent.</param>
/// <param name="Logs">Whether log records are sent.</param>
/// <param name="IsDisabled">Whether nothing at all is collected.</param>
internal sealed record OtlpSettings(bool Traces, bool Metrics, bool Logs, bool IsDisabled)
{
    /// <summary>Reads the variables, which are keys of the host's configuration.</summary>
    public static OtlpSettings Read(IConfiguration configuration)
    {
        var isDisabled = string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase);
        bool IsSent(string signal)
            => !isDisabled
                && (IsSet(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]) || IsSet(configuration[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"]))
                && IsOtlp(configuration[$"OTEL_{signal}_EXPORTER"]);
        return new OtlpSettings(IsSent("TRACES"), IsSent("METRICS"), IsSent("LOGS"), isDisabled);
    }

    private static bool IsSet(string? value) => !string.IsNullOrWhiteSpace(value);

    /// <summary>The default is OTLP; <c>none</c>, or a list without it, is not.</summary>
    private static bool IsOtlp(string? exporters)
        => !IsSet(exporters) || exporters!.Split(',', StringSplitOptions.TrimEntries).Contains("otlp", StringComparer.OrdinalIgnoreCase);
}
