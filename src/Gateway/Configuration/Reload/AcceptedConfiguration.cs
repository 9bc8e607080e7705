namespace Gateway.Configuration.Reload;

/// <summary>Feeds the host's <see cref="IConfiguration"/> with the last accepted tree, and with nothing else.</summary>
/// <remarks>
/// Put in the place of the framework's file providers: those empty the live configuration when a broken file is saved (measured), so that
/// logging and the server would follow files that the gateway refused. Source and provider are one object, because there is one state.
/// </remarks>
internal sealed class AcceptedConfiguration : ConfigurationProvider, IConfigurationSource
{
    private volatile ConfigNode? _root;

    /// <summary>The tree accepted last.</summary>
    /// <exception cref="InvalidOperationException">None has been accepted.</exception>
    public ConfigNode Root => _root ?? throw new InvalidOperationException("No configuration has been accepted.");

    /// <inheritdoc/>
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <summary>Replaces everything by a newly accepted tree and tells those who watch. Readers see the old or the new one whole.</summary>
    public void Accept(ConfigNode root)
    {
        var data = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        Flatten(root, data);
        Data = data;
        _root = root;
        OnReload();
    }

    private static void Flatten(ConfigNode node, Dictionary<string, string?> data)
    {
        // As the framework's reader writes them: an empty object is a key without a value, an empty list an empty text.
        if (node.Children.IsEmpty && node.Path.Length > 0)
        {
            data[node.Path] = node.Kind == ConfigNodeKind.Array ? "" : node.Text;
        }

        foreach (var child in node.Children)
        {
            Flatten(child, data);
        }
    }
}
