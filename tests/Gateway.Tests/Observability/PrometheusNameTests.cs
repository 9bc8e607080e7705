using Gateway.Observability;

namespace Gateway.Tests.Observability;

/// <summary>Names by the rules of OpenTelemetry's compatibility with Prometheus.</summary>
public sealed class PrometheusNameTests
{
    [Theory]
    [InlineData("gateway.requests", "{request}", true, false, "gateway_requests_total")]
    [InlineData("gateway.overhead.duration", "s", false, false, "gateway_overhead_duration_seconds")]
    [InlineData("http.server.request.body.size", "By", false, false, "http_server_request_body_size_bytes")]
    [InlineData("dotnet.gc.pause.time", "s", true, false, "dotnet_gc_pause_time_seconds_total")]
    [InlineData("wait.seconds", "s", false, false, "wait_seconds")]
    [InlineData("things.total", "", true, false, "things_total")]
    [InlineData("share", "1", false, true, "share_ratio")]
    [InlineData("share", "1", true, false, "share_total")]
    [InlineData("gateway.circuit.state", "", false, true, "gateway_circuit_state")]
    public void OfMetric_ByKindAndUnit_IsPrometheusName(string name, string unit, bool isCounter, bool isGauge, string expected)
        => Assert.Equal(expected, PrometheusName.OfMetric(name, unit, isCounter, isGauge));

    [Theory]
    [InlineData("gateway.error.code", "gateway_error_code")]
    [InlineData("a..b-c", "a_b_c")]
    [InlineData("9lives", "_9lives")]
    public void OfLabel_WithOtherCharacters_HasUnderscores(string name, string expected) => Assert.Equal(expected, PrometheusName.OfLabel(name));
}
