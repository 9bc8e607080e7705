using System.Buffers;
using System.Globalization;
using System.Text;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Gateway.Observability;

/// <summary>Writes collected metrics as Prometheus's text format 0.0.4.</summary>
/// <param name="output">Takes the text, UTF-8.</param>
internal sealed class PrometheusWriter(IBufferWriter<byte> output)
{
    /// <summary>Names are worked out once each; there are as many as instruments and labels.</summary>
    private readonly Dictionary<(string Name, string Unit, MetricType Type), string> _names = [];
    private readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal);
    private readonly StringBuilder _line = new();

    /// <summary>Writes <c>target_info</c>, whose labels are the attributes of the resource.</summary>
    public void WriteTarget(Resource resource)
    {
        WriteHead("target_info", "gauge", "What is observed.");
        _line.Clear().Append("target_info{");
        foreach (var (name, value) in resource.Attributes)
        {
            AppendLabel(name, value);
        }

        EndLabels();
        EndLine(1);
    }

    /// <summary>Writes all series of one metric. Exponential histograms are not part of the format.</summary>
    public void Write(Metric metric)
    {
        if (metric.MetricType is MetricType.ExponentialHistogram)
        {
            return;
        }

        var name = NameOf(metric);
        WriteHead(name, TypeOf(metric.MetricType), metric.Description);
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            if (metric.MetricType == MetricType.Histogram)
            {
                WriteHistogram(name, point);
            }
            else
            {
                StartLine(name, "", point);
                EndLine(ValueOf(metric.MetricType, point));
            }
        }
    }

    private void WriteHistogram(string name, in MetricPoint point)
    {
        long count = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            count += bucket.BucketCount;
            StartLine(name, "_bucket", point, bucket.ExplicitBound);
            EndLine(count);
        }

        StartLine(name, "_sum", point);
        EndLine(point.GetHistogramSum());
        StartLine(name, "_count", point);
        EndLine(point.GetHistogramCount());
    }

    private void WriteHead(string name, string type, string description)
    {
        _line.Clear().Append("# HELP ").Append(name).Append(' ');
        AppendEscaped(description.Length > 0 ? description : name, isLabel: false);
        _line.Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        Flush();
    }

    private void StartLine(string name, string suffix, in MetricPoint point, double? bound = null)
    {
        _line.Clear().Append(name).Append(suffix).Append('{');
        foreach (var (label, value) in point.Tags)
        {
            AppendLabel(label, value);
        }

        if (bound is { } upper)
        {
            _line.Append("le=\"");
            AppendNumber(upper);
            _line.Append("\",");
        }

        EndLabels();
    }

    /// <summary>Closes the labels behind the comma of the last one, or takes the brace away where there is none.</summary>
    private void EndLabels()
    {
        var hasLabels = _line[^1] == ',';
        _line.Length--;
        _line.Append(hasLabels ? "} " : " ");
    }

    private void EndLine(double value)
    {
        AppendNumber(value);
        _line.Append('\n');
        Flush();
    }

    private void AppendLabel(string name, object? value)
    {
        if (!_labels.TryGetValue(name, out var label))
        {
            _labels[name] = label = PrometheusName.OfLabel(name);
        }

        _line.Append(label).Append("=\"");
        AppendEscaped(value switch
        {
            bool flag => flag ? "true" : "false",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        }, isLabel: true);
        _line.Append("\",");
    }

    private void AppendEscaped(string text, bool isLabel)
    {
        foreach (var c in text)
        {
            _ = c switch
            {
                '\\' => _line.Append("\\\\"),
                '\n' => _line.Append("\\n"),
                '"' when isLabel => _line.Append("\\\""),
                _ => _line.Append(c),
            };
        }
    }

    private void AppendNumber(double value)
        => _ = double.IsPositiveInfinity(value) ? _line.Append("+Inf")
            : double.IsNegativeInfinity(value) ? _line.Append("-Inf")
            : _line.Append(CultureInfo.InvariantCulture, $"{value:R}");

    private void Flush()
    {
        foreach (var chunk in _line.GetChunks())
        {
            Encoding.UTF8.GetBytes(chunk.Span, output);
        }
    }

    private string NameOf(Metric metric)
    {
        var key = (metric.Name, metric.Unit, metric.MetricType);
        if (!_names.TryGetValue(key, out var name))
        {
            _names[key] = name = PrometheusName.OfMetric(
                metric.Name, metric.Unit, TypeOf(metric.MetricType) == "counter", metric.MetricType is MetricType.LongGauge or MetricType.DoubleGauge);
        }

        return name;
    }

    private static string TypeOf(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => "counter",
        MetricType.Histogram => "histogram",
        _ => "gauge",
    };

    private static double ValueOf(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
        MetricType.LongGauge => point.GetGaugeLastValueLong(),
        _ => point.GetGaugeLastValueDouble(),
    };
}
