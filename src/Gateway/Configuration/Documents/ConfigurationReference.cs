using System.Text;
using Gateway.Configuration.Binding;

namespace Gateway.Configuration.Documents;

/// <summary>Writes the tables of all keys in docs/configuration.md from the options types.</summary>
internal sealed class ConfigurationReference
{
    /// <summary>The line before the generated part.</summary>
    public const string BeginMarker = "<!-- The tables up to the end marker are generated from the options types: a test writes them with UPDATE_GOLDEN=1. -->";

    /// <summary>The line after the generated part.</summary>
    public const string EndMarker = "<!-- end of the generated tables -->";

    private readonly XmlDocumentation _documentation = new(markdown: true);
    private readonly StringBuilder _text = new();
    private readonly HashSet<Type> _written = [];

    private ConfigurationReference()
    {
    }

    /// <summary>The tables, beginning and ending with an empty line.</summary>
    public static string Generate()
    {
        var reference = new ConfigurationReference();
        reference.WriteRecord(ConfigurationLoader.SectionName, "", OptionsType.For(typeof(GatewayOptions)));
        return reference._text.Append('\n').ToString();
    }

    /// <summary>The document with the part between the markers replaced.</summary>
    /// <exception cref="FormatException">A marker is missing.</exception>
    public static string Update(string document)
    {
        var begin = document.IndexOf(BeginMarker, StringComparison.Ordinal);
        var end = document.IndexOf(EndMarker, StringComparison.Ordinal);
        return begin >= 0 && end > begin
            ? string.Concat(document.AsSpan(0, begin + BeginMarker.Length), "\n", Generate(), document.AsSpan(end))
            : throw new FormatException("The markers of the generated tables are missing.");
    }

    private void WriteRecord(string path, string suffix, OptionsType type)
    {
        _text.Append("\n### `").Append(path).Append('`').Append(suffix).Append("\n\n").Append(_documentation.Summary(type.ClrType)).Append("\n\n");
        _text.Append("| Key | Type | Default | Range | Example | Meaning |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (var property in type.Properties)
        {
            WriteRow(type, property);
        }

        foreach (var property in type.Properties)
        {
            WriteBelow($"{path}:{property.Name}", property.Type);
        }
    }

    private void WriteBelow(string path, OptionsType type)
    {
        switch (type.Kind)
        {
            case OptionsKind.Record when _written.Add(type.ClrType):
                WriteRecord(path, "", type);
                break;
            case OptionsKind.Map:
                WriteBelow($"{path}:{{name}}", type.Element!);
                break;
            case OptionsKind.Variant:
                foreach (var variant in type.Variants)
                {
                    WriteRecord(path, $" with `\"{type.Discriminator}\": \"{variant.Name}\"`", variant.Type);
                }

                break;
        }
    }

    private void WriteRow(OptionsType type, OptionsProperty property)
    {
        string[] cells =
        [
            $"`{property.Name}`",
            property.IsOneOrMany ? $"{OptionsText.Kind(property.Type.Element!)}, or {OptionsText.Kind(property.Type)}" : OptionsText.Kind(property.Type),
            Default(property),
            property.Minimum is null ? "" : $"{property.Minimum} to {property.Maximum}",
            OptionsExamples.Find(type, property) is { } example ? $"`{example}`" : "see below",
            Meaning(property),
        ];
        _text.Append("| ").AppendJoin(" | ", cells.Select(static cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
    }

    private string Meaning(OptionsProperty property)
    {
        var meaning = _documentation.Summary(property.Member);
        return property.Type.Kind == OptionsKind.Choice
            ? meaning + string.Concat(property.Type.Choices.Select(choice => $"<br>`{choice.Name}`: {_documentation.Summary(choice.Member)}"))
            : meaning;
    }

    private static string Default(OptionsProperty property) => property switch
    {
        { Default: null } => "none",
        { Type.Kind: OptionsKind.Map } => "`{}`",
        { Type.Kind: OptionsKind.List } => $"`[{string.Join(", ", Elements(property.Type, property.Default))}]`",
        { Type.Kind: OptionsKind.Record or OptionsKind.Variant } => "its defaults",
        { Type.Kind: OptionsKind.Text } => $"`\"{property.Default}\"`",
        _ => $"`{OptionsText.Scalar(property.Type, property.Default)}`",
    };

    private static IEnumerable<string> Elements(OptionsType list, object value)
        => OptionsText.Elements(list, value).Select(static element => $"\"{element}\"");
}
