using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gateway.Contracts;

namespace Gateway.Configuration.Binding;

/// <summary>Reads one text as a value of a scalar type.</summary>
internal static class ScalarReader
{
    /// <summary>The pattern of a size in the JSON schema; <see cref="ByteSize.TryParse"/> takes the same texts.</summary>
    public const string SizePattern = "^[0-9]+ *([kK]|[mM]|[gG])?[bB]$";

    private static readonly string[] InstantFormats = ["yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm'Z'"];

    /// <summary>Reads a value.</summary>
    /// <param name="type">A scalar type.</param>
    /// <param name="text">The text.</param>
    /// <param name="value">The value.</param>
    /// <param name="advice">What the text is not, and how to write it; follows the quoted text in a message.</param>
    public static bool TryRead(OptionsType type, string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? advice)
    {
        (value, advice) = type.Kind switch
        {
            OptionsKind.Text => (text, ""),
            OptionsKind.Boolean => (bool.TryParse(text, out var flag) ? flag : null, "is neither true nor false. Write one of them, without quotes."),
            OptionsKind.Integer => (ReadInteger(type.ClrType, text), "is not a whole number. Write digits only."),
            OptionsKind.Choice => (ReadChoice(type, text), Advise(type, text)),
            OptionsKind.Duration => (Duration.TryParse(text, out var duration) ? duration : null, AdviseDuration(text)),
            OptionsKind.Size => (ByteSize.TryParse(text, out var size) ? size : (object?)null, AdviseSize(text)),
            OptionsKind.Instant => (ReadInstant(text), "is not a point in time. Write date, time and offset, as in 2027-01-31T00:00:00Z."),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type.Kind, "Not a scalar."),
        };
        return value is not null;
    }

    private static object? ReadInteger(Type type, string text)
        => type == typeof(int)
            ? int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var large) ? large : null;

    /// <summary>An offset is asked for: without one the text would mean another time on another machine.</summary>
    private static DateTimeOffset? ReadInstant(string text)
        => DateTimeOffset.TryParseExact(text, InstantFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;

    private static object? ReadChoice(OptionsType type, string text)
    {
        foreach (var choice in type.Choices)
        {
            if (choice.Name.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return choice.Value;
            }
        }

        return null;
    }

    private static string Advise(OptionsType type, string text)
    {
        var names = type.Choices.Select(static choice => choice.Name);
        return $"is not one of {Suggestion.List(names)}.{Suggestion.DidYouMean(text, names)}";
    }

    private static string AdviseDuration(string text)
        => IsNumber(text)
            ? $"has no unit. Write {text}s, or ms, m or h for another unit."
            : "is not a duration. Write a whole number with its unit, as in 500ms, 10s, 5m or 2h, or hours, minutes and seconds as in 00:00:10.";

    private static string AdviseSize(string text)
        => IsNumber(text)
            ? $"has no unit. Write {text}B, or KB, MB or GB for another unit."
            : "is not a size. Write a whole number with its unit, as in 512B, 64KB, 6MB or 1GB.";

    private static bool IsNumber(string text) => text.Length is > 0 and < 19 && text.All(char.IsAsciiDigit);
}
