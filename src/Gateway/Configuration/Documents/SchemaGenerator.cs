using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Configuration.Binding;
using Gateway.Contracts;

namespace Gateway.Configuration.Documents;

/// <summary>Writes the JSON schema of an appsettings file from the options types, for editors.</summary>
/// <remarks>
/// Nothing is required there: a stage's file holds only what differs. The section <c>Gateway</c> takes known keys alone; the other
/// sections belong to the framework and are free.
/// </remarks>
internal sealed class SchemaGenerator
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly XmlDocumentation _documentation = new(markdown: false);
    private readonly SortedDictionary<string, JsonObject> _definitions = new(StringComparer.Ordinal);

    private SchemaGenerator()
    {
    }

    /// <summary>The schema (draft 2020-12), the same text each time, with a line break at its end.</summary>
    public static string Generate() => new SchemaGenerator().Write();

    private string Write()
    {
        var gateway = Schema(OptionsType.For(typeof(GatewayOptions)));
        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "appsettings.json of the gateway",
            ["description"] = "Generated from the options types by the verb schema. Do not edit.",
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["$schema"] = new JsonObject { ["type"] = "string" },
                [ConfigurationLoader.SectionName] = gateway,
            },
            ["$defs"] = new JsonObject(_definitions.Select(static definition => KeyValuePair.Create(definition.Key, (JsonNode?)definition.Value))),
        }.ToJsonString(Format) + "\n";
    }

    private JsonObject Schema(OptionsType type) => type.Kind switch
    {
        OptionsKind.Boolean => new JsonObject { ["type"] = "boolean" },
        OptionsKind.Integer => new JsonObject { ["type"] = "integer" },
        OptionsKind.Choice => new JsonObject { ["enum"] = Names(type.Choices.Select(static choice => choice.Name)) },
        OptionsKind.Duration => new JsonObject { ["type"] = "string", ["pattern"] = Duration.Pattern },
        OptionsKind.Size => new JsonObject { ["type"] = "string", ["pattern"] = ScalarReader.SizePattern },
        OptionsKind.Instant => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
        OptionsKind.List => new JsonObject { ["type"] = "array", ["items"] = Schema(type.Element!) },
        OptionsKind.Map => Map(type),
        OptionsKind.Record => Reference(type, () => Record(type, variant: null)),
        OptionsKind.Variant => Reference(type, () => Variant(type)),
        _ => new JsonObject { ["type"] = "string" },
    };

    private JsonObject Map(OptionsType type) => new()
    {
        ["type"] = "object",
        ["patternProperties"] = new JsonObject { ["^//"] = true },
        ["additionalProperties"] = Schema(type.Element!),
    };

    private JsonObject Reference(OptionsType type, Func<JsonObject> define)
    {
        var name = OptionsText.Name(type.ClrType);
        if (!_definitions.ContainsKey(name))
        {
            _definitions[name] = define();
        }

        return new JsonObject { ["$ref"] = $"#/$defs/{name}" };
    }

    private JsonObject Record(OptionsType type, (string Key, string Name)? variant)
    {
        var properties = new JsonObject();
        if (variant is var (key, name))
        {
            properties[key] = new JsonObject { ["const"] = name };
        }

        foreach (var property in type.Properties)
        {
            properties[property.Name] = Property(property);
        }

        return new JsonObject
        {
            ["description"] = _documentation.Summary(type.ClrType),
            ["type"] = "object",
            ["properties"] = properties,
            ["patternProperties"] = new JsonObject { ["^(//|\\$schema$)"] = true },
            ["additionalProperties"] = false,
        };
    }

    /// <summary>Each kind by its discriminator; without one, as in a stage's file, whatever fits one of the kinds.</summary>
    private JsonObject Variant(OptionsType type)
    {
        var references = new List<(string Name, string Reference)>();
        foreach (var variant in type.Variants)
        {
            var reference = Reference(variant.Type, () => Record(variant.Type, (type.Discriminator, variant.Name)));
            references.Add((variant.Name, (string)reference["$ref"]!));
        }

        var cases = new JsonArray();
        foreach (var (name, reference) in references)
        {
            cases.Add(new JsonObject
            {
                ["if"] = new JsonObject
                {
                    ["properties"] = new JsonObject { [type.Discriminator] = new JsonObject { ["const"] = name } },
                    ["required"] = new JsonArray(type.Discriminator),
                },
                ["then"] = new JsonObject { ["$ref"] = reference },
            });
        }

        cases.Add(new JsonObject
        {
            ["if"] = new JsonObject { ["not"] = new JsonObject { ["required"] = new JsonArray(type.Discriminator) } },
            ["then"] = new JsonObject
            {
                ["anyOf"] = new JsonArray([.. references.Select(static one => new JsonObject { ["$ref"] = one.Reference })]),
            },
        });
        return new JsonObject
        {
            ["description"] = _documentation.Summary(type.ClrType),
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                [type.Discriminator] = new JsonObject { ["enum"] = Names(type.Variants.Select(static variant => variant.Name)) },
            },
            ["allOf"] = cases,
        };
    }

    private JsonObject Property(OptionsProperty property)
    {
        var value = Schema(property.Type);
        if (property.Type.Kind == OptionsKind.Integer && property.Minimum is not null && property.Maximum is not null)
        {
            value["minimum"] = long.Parse(property.Minimum, CultureInfo.InvariantCulture);
            value["maximum"] = long.Parse(property.Maximum, CultureInfo.InvariantCulture);
        }

        if (property.IsOneOrMany)
        {
            value = new JsonObject { ["anyOf"] = new JsonArray(Schema(property.Type.Element!), value) };
        }

        var schema = new JsonObject { ["description"] = Describe(property) };
        if (property.IsNullable && value["type"] is null)
        {
            schema["anyOf"] = new JsonArray(value, new JsonObject { ["type"] = "null" });
        }
        else
        {
            if (property.IsNullable)
            {
                value["type"] = new JsonArray((string?)value["type"], "null");
            }

            foreach (var (key, node) in value)
            {
                schema[key] = node?.DeepClone();
            }
        }

        if (Default(property) is { } defaultValue)
        {
            schema["default"] = defaultValue;
        }

        return schema;
    }

    private string Describe(OptionsProperty property)
    {
        var text = _documentation.Summary(property.Member);
        if (property.Type.Kind == OptionsKind.Choice)
        {
            text += string.Concat(property.Type.Choices.Select(choice => $" {choice.Name}: {_documentation.Summary(choice.Member)}"));
        }

        return property.Minimum is null ? text : $"{text} From {property.Minimum} to {property.Maximum}.";
    }

    private static JsonNode? Default(OptionsProperty property) => property switch
    {
        { Default: null } => null,
        { Type.Kind: OptionsKind.Record or OptionsKind.Variant or OptionsKind.Map } => null,
        { Type.Kind: OptionsKind.List } => Names(OptionsText.Elements(property.Type, property.Default)),
        { Default: bool flag } => JsonValue.Create(flag),
        { Default: int number } => JsonValue.Create(number),
        { Default: long number } => JsonValue.Create(number),
        _ => JsonValue.Create(OptionsText.Scalar(property.Type, property.Default)),
    };

    private static JsonArray Names(IEnumerable<string> names) => [.. names.Select(static name => (JsonNode)name)];
}
