using System.Text;

namespace Gateway.Observability;

/// <summary>Names as Prometheus has them, by OpenTelemetry's rules of compatibility, so that pushed and scraped metrics are called the same.</summary>
internal static class PrometheusName
{
    /// <summary>The name of a metric: <c>gateway.requests</c> becomes <c>gateway_requests_total</c>.</summary>
    /// <param name="name">OpenTelemetry's name.</param>
    /// <param name="unit">Its unit in UCUM.</param>
    /// <param name="isCounter">Whether it only grows.</param>
    /// <param name="isGauge">Whether it shows a state.</param>
    public static string OfMetric(string name, string unit, bool isCounter, bool isGauge)
    {
        var text = new StringBuilder(OfLabel(name));
        var suffix = Suffix(unit, isGauge);
        if (suffix.Length > 0 && !EndsWith(text, suffix))
        {
            text.Append('_').Append(suffix);
        }

        if (isCounter && !EndsWith(text, "total"))
        {
            text.Append("_total");
        }

        return text.ToString();
    }

    /// <summary>The name of a label: what is neither letter nor digit is an underscore, and several are one.</summary>
    public static string OfLabel(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                text.Append(c);
            }
            else if (text.Length == 0 || text[^1] != '_')
            {
                text.Append('_');
            }
        }

        return char.IsAsciiDigit(text[0]) ? text.Insert(0, '_').ToString() : text.ToString();
    }

    /// <summary>A unit in words. Annotations, as in <c>{request}</c>, are none.</summary>
    private static string Suffix(string unit, bool isGauge) => unit switch
    {
        "" => "",
        "s" => "seconds",
        "ms" => "milliseconds",
        "By" => "bytes",
        "%" => "percent",
        "1" => isGauge ? "ratio" : "",
        ['{', ..] => "",
        _ => OfLabel(unit),
    };

    private static bool EndsWith(StringBuilder text, string word)
        => text.Length > word.Length && text[^(word.Length + 1)] == '_' && text.ToString(text.Length - word.Length, word.Length) == word;
}
