using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Gateway.IntegrationTests.Observability;

/// <summary>Every single measurement of one gateway, as its instruments make it: before any collector adds them up.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly ConcurrentQueue<Measured> _all = new();
    private readonly MeterListener _listener = new();

    private Measurements(IMeterFactory factory)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == factory)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Starts to take note of what a gateway measures.</summary>
    public static Measurements Of(RunningGateway gateway) => new(gateway.Get<IMeterFactory>());

    /// <summary>The measurements of an instrument so far, as <c>value name=value …</c> with the tags in order of their names.</summary>
    public string[] Lines(string instrument) => [.. Named(instrument).Select(static one => one.ToString())];

    /// <summary>The measurements of an instrument so far.</summary>
    public Measured[] Named(string instrument) => [.. _all.Where(one => one.Name == instrument)];

    /// <summary>Waits until an instrument has a number of measurements: the last ones of a request come after its answer.</summary>
    public async Task<Measured[]> WaitAsync(string instrument, int count)
    {
        while (Named(instrument).Length < count)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);
        }

        return Named(instrument);
    }

    /// <summary>Reads the gauges now.</summary>
    public void Observe() => _listener.RecordObservableInstruments();

    /// <summary>Everything that was measured, for a search.</summary>
    public IEnumerable<string> All => _all.Select(static one => $"{one.Name} {one}");

    public void Dispose() => _listener.Dispose();

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        => _all.Enqueue(new Measured(
            instrument.Name,
            value,
            string.Join(' ', tags.ToArray().OrderBy(static tag => tag.Key, StringComparer.Ordinal).Select(static tag => $"{tag.Key}={tag.Value}"))));

    /// <summary>One measurement.</summary>
    internal sealed record Measured(string Name, double Value, string Tags)
    {
        public override string ToString() => $"{Value.ToString(CultureInfo.InvariantCulture)} {Tags}";
    }
}
