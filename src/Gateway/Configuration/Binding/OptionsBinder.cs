using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using Gateway.Contracts;

namespace Gateway.Configuration.Binding;

/// <summary>Turns a tree into options records. What does not fit becomes a problem, and the key keeps its default.</summary>
/// <remarks>
/// Ours rather than the framework's, which binds <c>{}</c> to nothing, takes a null entry of a map for a present one, ignores unknown keys,
/// and stops at the first mistake.
/// </remarks>
internal sealed class OptionsBinder(ProblemList problems)
{
    private const string ListForm = "a list, [ … ]";

    /// <summary>Binds a record.</summary>
    /// <param name="node">The object.</param>
    /// <returns>The record, with defaults for whatever had a problem; never null.</returns>
    public T Bind<T>(ConfigNode node)
        where T : class, new()
        => (T?)Bind(OptionsType.For(typeof(T)), node) ?? new T();

    private object? Bind(OptionsType type, ConfigNode node) => type.Kind switch
    {
        OptionsKind.Record => BindRecord(type, node, variant: null),
        OptionsKind.Variant => BindVariant(type, node),
        OptionsKind.Map => BindMap(type, node),
        OptionsKind.List => BindList(type, node, ListForm),
        _ => BindScalar(type, node),
    };

    private object? BindRecord(OptionsType type, ConfigNode node, OptionsType? variant)
    {
        if (node.Kind != ConfigNodeKind.Object)
        {
            return Misfit(node, "an object, { … }");
        }

        var record = Activator.CreateInstance(type.ClrType)!;
        foreach (var child in node.Children)
        {
            if (variant is not null && child.Key.Equals(variant.Discriminator, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (Find(type, child.Key) is not { } property)
            {
                AddUnknown(type, child, variant);
            }
            else if (child.Kind != ConfigNodeKind.Null && BindProperty(property, child) is { } value)
            {
                Set(record, property, value, child);
            }
        }

        return record;
    }

    private object? BindProperty(OptionsProperty property, ConfigNode node)
        => property.IsOneOrMany && node.Kind == ConfigNodeKind.Value ? new[] { node.Text! }
            : property.Type.Kind == OptionsKind.List ? BindList(property.Type, node, property.IsOneOrMany ? "a single value or a list, [ … ]" : ListForm)
            : Bind(property.Type, node);

    private void Set(object record, OptionsProperty property, object value, ConfigNode node)
    {
        if (property.Takes(value))
        {
            property.Set(record, value);
        }
        else
        {
            var shown = SecretKeys.Show(node.Path, node.Text ?? "");
            Add(node, $"{shown} is out of range. Write a value from {property.Minimum} to {property.Maximum}.");
        }
    }

    private object? BindVariant(OptionsType type, ConfigNode node)
    {
        if (node.Kind != ConfigNodeKind.Object)
        {
            return Misfit(node, "an object, { … }");
        }

        var names = type.Variants.Select(static variant => variant.Name);
        if (node.Child(type.Discriminator) is not { Kind: not ConfigNodeKind.Null } discriminator)
        {
            Add(node, $"there is no '{type.Discriminator}'. Add it, with one of {Suggestion.List(names)}.");
            return null;
        }

        var chosen = type.Variants.FirstOrDefault(variant => variant.Name.Equals(discriminator.Text, StringComparison.OrdinalIgnoreCase));
        if (chosen is not null)
        {
            return BindRecord(chosen.Type, node, type);
        }

        Add(discriminator, discriminator.Text is { } text
            ? $"{SecretKeys.Show(discriminator.Path, text)} is not a {type.Discriminator}.{Suggestion.DidYouMean(text, names)} "
                + $"Write one of {Suggestion.List(names)}."
            : $"found {Describe(discriminator)} Write one of {Suggestion.List(names)}.");
        return null;
    }

    private object? BindMap(OptionsType type, ConfigNode node)
    {
        if (node.Kind != ConfigNodeKind.Object)
        {
            return Misfit(node, "an object with a key for each entry, { \"name\": … }");
        }

        var map = (IDictionary)Activator.CreateInstance(
            typeof(Dictionary<,>).MakeGenericType(typeof(string), type.Element!.ClrType), StringComparer.OrdinalIgnoreCase)!;
        foreach (var child in node.Children)
        {
            if (child.Kind == ConfigNodeKind.Null)
            {
                // Half of the tools in the field read this as "gone" and half as "there, with defaults".
                Add(child, "null is not an entry. Take the key out, or write \"Enabled\": false where the entry has that key.");
            }
            else if (Bind(type.Element, child) is { } value)
            {
                map.Add(child.Key, value);
            }
        }

        return map;
    }

    private Array? BindList(OptionsType type, ConfigNode node, string expected)
    {
        var elements = node.Kind == ConfigNodeKind.Array ? node.Children : ReadNumbered(node);
        if (elements.IsDefault)
        {
            Misfit(node, expected);
            return null;
        }

        var before = problems.Count;
        var list = Array.CreateInstance(type.Element!.ClrType, elements.Length);
        for (var i = 0; i < elements.Length; i++)
        {
            if (elements[i].Kind == ConfigNodeKind.Null)
            {
                Add(elements[i], "null is not an element of the list. Take it out.");
            }
            else if (Bind(type.Element, elements[i]) is { } value)
            {
                list.SetValue(value, i);
            }
        }

        return problems.Count > before ? null : list;
    }

    /// <summary>The elements of a list that variables, secret files or arguments give one by one: <c>Key__0</c>, <c>Key__1</c> and so on.</summary>
    private ImmutableArray<ConfigNode> ReadNumbered(ConfigNode node)
    {
        if (node.Kind != ConfigNodeKind.Object || node.Origin.IsFile || node.Children.IsEmpty)
        {
            return default;
        }

        var elements = new ConfigNode[node.Children.Length];
        foreach (var child in node.Children)
        {
            if (!int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                || index >= elements.Length
                || elements[index] is not null)
            {
                return default;
            }

            elements[index] = child;
        }

        if (elements.Select(static element => element.Origin.Layer).Distinct().Count() > 1)
        {
            var places = string.Join(", ", elements.Select(static element => element.Origin));
            Add(node, $"the list is given in several places: {places}. Write the whole list in one place.");
        }

        return [.. elements];
    }

    private object? BindScalar(OptionsType type, ConfigNode node)
    {
        if (node.Kind != ConfigNodeKind.Value)
        {
            return Misfit(node, "a single value");
        }

        if (ScalarReader.TryRead(type, node.Text!, out var value, out var advice))
        {
            return value;
        }

        // The advice may repeat the value.
        Add(node, SecretKeys.IsSecret(node.Path)
            ? "the value cannot be read. Look at its form in docs/configuration.md."
            : $"{SecretKeys.Show(node.Path, node.Text!)} {advice}");
        return null;
    }

    private void AddUnknown(OptionsType type, ConfigNode node, OptionsType? variant)
    {
        var others = variant is null ? [] : variant.Variants
            .Where(other => other.Type != type && Find(other.Type, node.Key) is not null)
            .Select(static other => other.Name)
            .ToList();
        if (others.Count > 0)
        {
            // A stage file that turns a backend into another kind takes the keys below it back by null.
            if (node.Kind != ConfigNodeKind.Null)
            {
                var own = variant!.Variants.First(other => other.Type == type).Name;
                Add(node, $"'{node.Key}' applies to {string.Join(" and ", others)} only, and this is of type {own}. Take it out, or write null over it.");
            }

            return;
        }

        var known = type.Properties.Select(static property => property.Name).ToList();
        var nearest = Suggestion.DidYouMean(node.Key, known);
        Add(node, nearest.Length > 0
            ? $"{SecretKeys.Show("", node.Key)} is not a key here.{nearest}"
            : $"{SecretKeys.Show("", node.Key)} is not a key here. Take it out, or write one of {Suggestion.List(known)}.");
    }

    private static OptionsProperty? Find(OptionsType type, string key)
    {
        foreach (var property in type.Properties)
        {
            if (property.Name.Equals(key, StringComparison.OrdinalIgnoreCase))
            {
                return property;
            }
        }

        return null;
    }

    private object? Misfit(ConfigNode node, string expected)
    {
        Add(node, $"found {Describe(node)} Write {expected}.");
        return null;
    }

    private static string Describe(ConfigNode node) => node.Kind switch
    {
        ConfigNodeKind.Object => "an object.",
        ConfigNodeKind.Array => "a list.",
        ConfigNodeKind.Null => "null.",
        _ => $"the value {SecretKeys.Show(node.Path, node.Text!)}.",
    };

    private void Add(ConfigNode node, string message) => problems.Add(node.Path, node.Origin, message);
}
