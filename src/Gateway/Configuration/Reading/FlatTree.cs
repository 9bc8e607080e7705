namespace Gateway.Configuration.Reading;

/// <summary>One key of a layer that has no nesting of its own.</summary>
/// <param name="Path">The whole path, with colons.</param>
/// <param name="Text">The value.</param>
/// <param name="Origin">Where it was given.</param>
internal readonly record struct FlatValue(string Path, string Text, ConfigOrigin Origin);

/// <summary>Turns the flat keys of variables, secret files and arguments into a tree.</summary>
internal static class FlatTree
{
    /// <summary>Builds the tree. A key that is also the beginning of longer ones gives way to them.</summary>
    public static ConfigNode Build(IEnumerable<FlatValue> values, ConfigLayer layer, ProblemList problems)
    {
        var root = new Draft("", new ConfigOrigin(layer, ""));
        foreach (var value in values)
        {
            // __CF_USER_TEXT_ENCODING and its like belong to nobody's section.
            if (value.Path.StartsWith(':'))
            {
                continue;
            }

            var draft = root;
            foreach (var key in value.Path.Split(':'))
            {
                draft = draft.Child(key, value.Origin);
            }

            // Two spellings of a one-word variable, http_proxy and HTTP_PROXY, are everyday life and none of our keys.
            if (draft.Text is not null && draft.Text != value.Text && value.Path.Contains(':'))
            {
                problems.Add(value.Path, value.Origin, $"the key is also given by {draft.Origin}; keys compare without case. Keep one of them.");
            }

            draft.Text = value.Text;
            draft.Origin = value.Origin;
        }

        return root.ToNode();
    }

    /// <summary>A node while the tree grows.</summary>
    private sealed class Draft(string path, ConfigOrigin origin)
    {
        private readonly Dictionary<string, Draft> _children = new(StringComparer.OrdinalIgnoreCase);
        private readonly List<Draft> _order = [];

        public string? Text { get; set; }

        public ConfigOrigin Origin { get; set; } = origin;

        public Draft Child(string key, ConfigOrigin from)
        {
            if (!_children.TryGetValue(key, out var child))
            {
                child = new Draft(ConfigNode.Join(path, key), from);
                _children.Add(key, child);
                _order.Add(child);
            }

            return child;
        }

        public ConfigNode ToNode()
            => _order.Count == 0 && Text is not null
                ? ConfigNode.Value(path, Origin, Text)
                : ConfigNode.Object(path, Origin, [.. _order.Select(static child => child.ToNode())]);
    }
}
