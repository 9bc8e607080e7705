using System.Buffers;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Gateway.Observability;

/// <summary>Collects all metrics and writes them in Prometheus's text format 0.0.4. Collects for one scraper at a time, and sends to all of them at once.</summary>
internal sealed class PrometheusText : IMetricsText, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ArrayBufferWriter<byte> _text = new(64 << 10);
    private readonly Exporter _exporter;

    /// <summary>Makes the reader, which the host's collector takes.</summary>
    public PrometheusText()
    {
        _exporter = new Exporter(new PrometheusWriter(_text));
        Reader = new BaseExportingMetricReader(_exporter) { TemporalityPreference = MetricReaderTemporalityPreference.Cumulative };
    }

    /// <inheritdoc/>
    public string ContentType => "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>What the host's collector feeds.</summary>
    public MetricReader Reader { get; }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(Stream body, CancellationToken cancellationToken)
    {
        var (text, length) = await CollectAsync(cancellationToken);
        try
        {
            await body.WriteAsync(text.AsMemory(0, length), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose(); // The reader is the collector's.

    /// <summary>Collects into a rented array of its own, which the caller returns: a scraper that reads slowly keeps nobody else waiting.</summary>
    private async ValueTask<(byte[] Text, int Length)> CollectAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _text.ResetWrittenCount();
            _exporter.Collect?.Invoke(Timeout.Infinite); // Reads numbers in memory; nothing here waits for anybody.
            var text = ArrayPool<byte>.Shared.Rent(_text.WrittenCount);
            _text.WrittenSpan.CopyTo(text);
            return (text, _text.WrittenCount);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gets what the reader has collected, in the thread that asked.</summary>
    [ExportModes(ExportModes.Pull)]
    private sealed class Exporter(PrometheusWriter writer) : BaseExporter<Metric>, IPullMetricExporter
    {
        /// <summary>Set by the reader; null as long as there is no collector.</summary>
        public Func<int, bool>? Collect { get; set; }

        public override ExportResult Export(in Batch<Metric> batch)
        {
            writer.WriteTarget(ParentProvider.GetResource());
            foreach (var metric in batch)
            {
                writer.Write(metric);
            }

            return ExportResult.Success;
        }
    }
}
