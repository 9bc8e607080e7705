using System.Collections.Immutable;

namespace Gateway.Configuration.Reading;

/// <summary>Lays one layer over another: objects merge by key, everything else is replaced as a whole.</summary>
/// <remarks>Lists never merge: by index, as .NET does it, a shorter list of a stage would keep the tail of the longer one below it.</remarks>
internal sealed class TreeMerge(ProblemList problems)
{
    /// <summary>The merged tree.</summary>
    /// <param name="lower">The layers so far.</param>
    /// <param name="upper">The layer that wins.</param>
    public ConfigNode Merge(ConfigNode lower, ConfigNode upper)
    {
        if (lower.Kind == ConfigNodeKind.Object && upper.Kind == ConfigNodeKind.Object)
        {
            return MergeObjects(lower, upper);
        }

        if (lower.Kind == ConfigNodeKind.Array && upper.Kind is ConfigNodeKind.Array or ConfigNodeKind.Object)
        {
            problems.Add(
                lower.Path,
                upper.Origin,
                $"the list is given here and in {lower.Origin}, and lists do not merge. Write the whole list in one place.");
            return lower;
        }

        // Programs share one set of variables: one that is merely named like a section, GATEWAY=…, is not meant for us.
        var isBareVariable = upper.Origin.Layer == ConfigLayer.EnvironmentVariable && !upper.Path.Contains(':');
        return isBareVariable && lower.Kind == ConfigNodeKind.Object ? lower : upper.At(lower.Path);
    }

    private ConfigNode MergeObjects(ConfigNode lower, ConfigNode upper)
    {
        if (upper.Children.IsEmpty)
        {
            return lower;
        }

        var overrides = upper.Children.ToDictionary(static child => child.Key, StringComparer.OrdinalIgnoreCase);
        var merged = ImmutableArray.CreateBuilder<ConfigNode>(lower.Children.Length + upper.Children.Length);
        foreach (var child in lower.Children)
        {
            merged.Add(overrides.Remove(child.Key, out var over) ? Merge(child, over) : child);
        }

        foreach (var child in upper.Children)
        {
            if (overrides.ContainsKey(child.Key))
            {
                merged.Add(child.At(ConfigNode.Join(lower.Path, child.Key)));
            }
        }

        return ConfigNode.Object(lower.Path, lower.Origin, merged.DrainToImmutable());
    }
}
