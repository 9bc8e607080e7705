using System.Collections;
using System.Globalization;
using Gateway.Configuration.Binding;
using Gateway.Contracts;

namespace Gateway.Configuration.Documents;

/// <summary>Words for types and values of options, as schema and documentation print them.</summary>
internal static class OptionsText
{
    /// <summary>A scalar as it would be written, without quotes; a choice by its own name.</summary>
    public static string Scalar(OptionsType type, object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        TimeSpan duration => Duration.Format(duration),
        ByteSize size => size.ToString(),
        Enum => type.Choices.First(choice => choice.Value.Equals(value)).Name,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>The elements of a list of scalars.</summary>
    public static IEnumerable<string> Elements(OptionsType list, object value)
        => ((IEnumerable)value).Cast<object>().Select(element => Scalar(list.Element!, element));

    /// <summary>The kind of a type in a few words, its unit included.</summary>
    public static string Kind(OptionsType type) => type.Kind switch
    {
        OptionsKind.Text => "text",
        OptionsKind.Boolean => "true or false",
        OptionsKind.Integer => "whole number",
        OptionsKind.Choice => string.Join(", ", type.Choices.Select(static choice => $"`{choice.Name}`")),
        OptionsKind.Duration => "duration",
        OptionsKind.Size => "size",
        OptionsKind.Instant => "point in time",
        OptionsKind.List => $"list of {Kind(type.Element!)}",
        OptionsKind.Map => $"map of {Kind(type.Element!)}",
        _ => "object",
    };

    /// <summary>Name of a record without its suffix, e.g. <c>Group</c>.</summary>
    public static string Name(Type type) => type.Name.EndsWith("Options", StringComparison.Ordinal) ? type.Name[..^"Options".Length] : type.Name;
}
