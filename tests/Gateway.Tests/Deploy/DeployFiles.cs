using System.Text.Json.Nodes;
using Gateway.TestSupport;
using YamlDotNet.RepresentationModel;

namespace Gateway.Tests.Deploy;

/// <summary>The files of a deployment as trees; paths are relative to the repository's root.</summary>
internal static class DeployFiles
{
    /// <summary>Full path of a file or folder.</summary>
    public static string PathOf(string path) => Path.Combine(Repository.Root, path);

    public static string ReadText(string path) => File.ReadAllText(PathOf(path));

    public static JsonObject ReadJson(string path) => JsonNode.Parse(ReadText(path))!.AsObject();

    /// <summary>The one document of a YAML file.</summary>
    public static YamlNode ReadYaml(string path)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(ReadText(path)));
        return Assert.Single(stream.Documents).RootNode;
    }

    /// <summary>The node at keys and indices; fails the test when there is none.</summary>
    public static YamlNode At(this YamlNode node, params ReadOnlySpan<object> path)
    {
        foreach (var step in path)
        {
            node = node.Find(step) ?? throw new KeyNotFoundException($"No '{step}' in: {node}");
        }

        return node;
    }

    /// <summary>The value of a key or at an index, or null.</summary>
    public static YamlNode? Find(this YamlNode node, object step) => node switch
    {
        YamlMappingNode map when step is string key => map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null,
        YamlSequenceNode list when step is int index => index < list.Children.Count ? list.Children[index] : null,
        _ => null,
    };

    /// <summary>The text of a scalar.</summary>
    public static string Text(this YamlNode node, params ReadOnlySpan<object> path) => ((YamlScalarNode)node.At(path)).Value!;

    /// <summary>The elements of a list; none when it is not there.</summary>
    public static IReadOnlyList<YamlNode> List(this YamlNode node, string key) => node.Find(key) is YamlSequenceNode list ? [.. list.Children] : [];

    /// <summary>The texts of a list.</summary>
    public static IReadOnlyList<string> Texts(this YamlNode node, string key) => [.. node.List(key).Select(static item => ((YamlScalarNode)item).Value!)];

    /// <summary>The keys of a map.</summary>
    public static IReadOnlyList<string> Keys(this YamlNode node) => [.. ((YamlMappingNode)node).Children.Keys.Select(static key => ((YamlScalarNode)key).Value!)];
}
