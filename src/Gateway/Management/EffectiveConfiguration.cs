using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Configuration;
using Gateway.Configuration.Binding;
using Gateway.Configuration.Documents;
using Gateway.Configuration.Reload;
using Gateway.Routing;

namespace Gateway.Management;

/// <summary>The configuration in force as JSON: every value with its origin, the defaults beside them, secrets as <c>***</c>.</summary>
internal sealed class EffectiveConfiguration(ConfigurationSource source, AcceptedConfiguration accepted, ServingTable serving)
{
    private const string Mask = "***";

    /// <summary>What is shown. All else of the tree is the process's environment, which is nobody's business.</summary>
    private static readonly string[] Sections = [ConfigurationLoader.SectionName, "Kestrel", "Logging", "urls", "http_ports", "https_ports"];

    private static readonly JsonWriterOptions Json = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes it as UTF-8.</summary>
    public ReadOnlyMemory<byte> WriteJson()
    {
        var root = accepted.Root;
        var buffer = new ArrayBufferWriter<byte>(16 << 10);
        using (var json = new Utf8JsonWriter(buffer, Json))
        {
            json.WriteStartObject();
            json.WriteString("environment", source.Environment);
            json.WriteString("hash", serving.Current.Snapshot.RevisionId);
            json.WriteStartArray("values");
            foreach (var section in root.Children.Where(static child => Sections.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
            {
                WriteValues(json, section);
            }

            json.WriteEndArray();
            json.WriteStartArray("defaults");
            WriteDefaults(json, OptionsType.For(typeof(GatewayOptions)), ConfigurationLoader.SectionName, root.Child(ConfigurationLoader.SectionName));
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteValues(Utf8JsonWriter json, ConfigNode node)
    {
        foreach (var child in node.Children)
        {
            WriteValues(json, child);
        }

        if (!node.Children.IsEmpty)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("key", node.Path);
        switch (node.Kind)
        {
            case ConfigNodeKind.Value:
                json.WriteString("value", SecretKeys.IsSecret(node.Path) ? Mask : node.Text);
                break;
            case ConfigNodeKind.Null:
                json.WriteNull("value");
                break;
            default:
                json.WriteString("value", node.Kind == ConfigNodeKind.Object ? "{}" : "[]");
                break;
        }

        json.WriteString("origin", node.Origin.ToString());
        json.WriteEndObject();
    }

    /// <summary>Writes the defaults of the keys that nobody wrote: of each record, and of each entry that a map has.</summary>
    private static void WriteDefaults(Utf8JsonWriter json, OptionsType type, string path, ConfigNode? node)
    {
        switch (type.Kind)
        {
            case OptionsKind.Map:
                foreach (var entry in node?.Children ?? [])
                {
                    WriteDefaults(json, type.Element!, entry.Path, entry);
                }

                break;
            case OptionsKind.Variant:
                var name = node?.Child(type.Discriminator)?.Text;
                if (type.Variants.FirstOrDefault(variant => variant.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } chosen)
                {
                    WriteDefaults(json, chosen.Type, path, node);
                }

                break;
            case OptionsKind.Record:
                foreach (var property in type.Properties)
                {
                    WriteDefault(json, property, ConfigNode.Join(path, property.Name), node?.Child(property.Name));
                }

                break;
        }
    }

    private static void WriteDefault(Utf8JsonWriter json, OptionsProperty property, string path, ConfigNode? node)
    {
        if (property.Type.Kind is OptionsKind.Map or OptionsKind.Variant or OptionsKind.Record)
        {
            // A section that is absent and has no default is off.
            if (node is { Kind: not ConfigNodeKind.Null } || property.Default is not null)
            {
                WriteDefaults(json, property.Type, path, node);
            }
        }
        else if (property.Default is { } value && node is null or { Kind: ConfigNodeKind.Null })
        {
            json.WriteStartObject();
            json.WriteString("key", path);
            json.WriteString("value", property.Type.Kind == OptionsKind.List
                ? $"[{string.Join(", ", OptionsText.Elements(property.Type, value))}]"
                : OptionsText.Scalar(property.Type, value));
            json.WriteEndObject();
        }
    }
}
