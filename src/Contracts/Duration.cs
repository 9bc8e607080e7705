using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.Contracts;

/// <summary>Times as configuration writes them: <c>500ms</c>, <c>10s</c>, <c>5m</c>, <c>2h</c> or <c>00:00:10</c>.</summary>
public static partial class Duration
{
    /// <summary>The pattern of the JSON schema; <see cref="TryParse"/> takes the same texts.</summary>
    public const string Pattern = @"^([0-9]+(ms|s|m|h)|([0-9]+\.)?[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?)$";

    private static readonly (string Unit, long Ticks)[] Units =
        [("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour)];

    /// <summary>Reads a time. A number without a unit is refused: <see cref="TimeSpan"/> itself would read 10 as ten days.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Contains(':'))
        {
            return Documented.IsMatch(text) && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out duration);
        }

        foreach (var (unit, ticks) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && long.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                var fits = count <= TimeSpan.MaxValue.Ticks / ticks;
                duration = fits ? new TimeSpan(count * ticks) : default;
                return fits;
            }
        }

        return false;
    }

    /// <summary>Writes a time in the largest unit that divides it.</summary>
    public static string Format(TimeSpan duration)
    {
        for (var i = Units.Length - 1; i >= 0; i--)
        {
            if (duration.Ticks % Units[i].Ticks == 0 && (duration.Ticks != 0 || Units[i].Unit == "s"))
            {
                return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / Units[i].Ticks}{Units[i].Unit}");
            }
        }

        return duration.ToString("c", CultureInfo.InvariantCulture);
    }

    /// <summary>The framework reads more than the pattern: <c>1:2</c>, <c>1:2:3:4</c>, <c>15:41:.1</c>.</summary>
    [GeneratedRegex(Pattern)]
    private static partial Regex Documented { get; }
}
