using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Gateway.Configuration.Documents;

/// <summary>Reads the summaries of options from the XML documentation files that the compiler wrote beside the assemblies.</summary>
/// <param name="markdown">True to keep code as code, false for plain text.</param>
internal sealed class XmlDocumentation(bool markdown)
{
    private readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> _members = new();

    /// <summary>The summary in one line; empty when there is none.</summary>
    /// <param name="member">A type, property or member of an enumeration.</param>
    public string Summary(MemberInfo member)
    {
        var (assembly, id) = member switch
        {
            Type type => (type.Assembly, $"T:{type.FullName}"),
            FieldInfo field => (field.DeclaringType!.Assembly, $"F:{field.DeclaringType.FullName}.{field.Name}"),
            _ => (member.DeclaringType!.Assembly, $"P:{member.DeclaringType.FullName}.{member.Name}"),
        };
        if (!_members.GetOrAdd(assembly, Load).TryGetValue(id, out var summary))
        {
            return "";
        }

        var text = new StringBuilder();
        foreach (var node in summary.Nodes())
        {
            text.Append(Render(node));
        }

        return string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private string Render(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => Code(code.Value),
        XElement { Name.LocalName: "see" } see when see.Attribute("cref") is { Value: var reference }
            => Code(reference[(reference.LastIndexOf('.') + 1)..]),
        XElement element => element.Value,
        _ => "",
    };

    private string Code(string text) => markdown ? $"`{text}`" : text;

    private static Dictionary<string, XElement> Load(Assembly assembly)
    {
        var file = Path.ChangeExtension(assembly.Location, ".xml");
        if (!File.Exists(file))
        {
            return [];
        }

        using var reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        return XDocument.Load(reader).Descendants("member")
            .Where(static member => member.Element("summary") is not null)
            .ToDictionary(static member => member.Attribute("name")!.Value, static member => member.Element("summary")!, StringComparer.Ordinal);
    }
}
