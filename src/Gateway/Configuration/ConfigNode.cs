using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Configuration;

/// <summary>What a <see cref="ConfigNode"/> is.</summary>
internal enum ConfigNodeKind
{
    /// <summary>Children by key; <c>{}</c> has none and is present all the same.</summary>
    Object,

    /// <summary>Children by index.</summary>
    Array,

    /// <summary>A text; numbers and booleans are kept as they were written.</summary>
    Value,

    /// <summary>The JSON word <c>null</c>.</summary>
    Null,
}

/// <summary>One place of the merged configuration, and where it was written. Immutable.</summary>
/// <remarks>Keys compare without case. A key never holds a colon, so that <see cref="Path"/> can be cut at colons.</remarks>
internal sealed class ConfigNode(string path, ConfigOrigin origin, ConfigNodeKind kind, string? text, ImmutableArray<ConfigNode> children)
{
    /// <summary>Keys from the root, joined by colons, e.g. <c>Gateway:Groups:shop</c>; empty for the root.</summary>
    public string Path { get; } = path;

    /// <summary>The last part of <see cref="Path"/>.</summary>
    public string Key => Path[(Path.LastIndexOf(':') + 1)..];

    /// <summary>Where it was written; for a merged object, where it was first mentioned.</summary>
    public ConfigOrigin Origin { get; } = origin;

    /// <summary>What it is.</summary>
    public ConfigNodeKind Kind { get; } = kind;

    /// <summary>The text of a value; null for the other kinds.</summary>
    public string? Text { get; } = text;

    /// <summary>The children in the order in which they were written; empty unless this is an object or an array.</summary>
    public ImmutableArray<ConfigNode> Children { get; } = children;

    /// <summary>An object.</summary>
    public static ConfigNode Object(string path, ConfigOrigin origin, ImmutableArray<ConfigNode> children)
        => new(path, origin, ConfigNodeKind.Object, text: null, children);

    /// <summary>A value.</summary>
    public static ConfigNode Value(string path, ConfigOrigin origin, string text) => new(path, origin, ConfigNodeKind.Value, text, []);

    /// <summary>The path of a child.</summary>
    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}:{key}";

    /// <summary>The child with this key, any case; null when there is none.</summary>
    public ConfigNode? Child(string key)
    {
        foreach (var child in Children)
        {
            // The key is the end of the child's path: compared in place, because a tree of many APIs is searched often.
            if (child.Path.Length == key.Length + (Path.Length == 0 ? 0 : Path.Length + 1)
                && child.Path.EndsWith(key, StringComparison.OrdinalIgnoreCase))
            {
                return child;
            }
        }

        return null;
    }

    /// <summary>The node at a path below the root, or the nearest one above it that exists. Call it on the root.</summary>
    /// <param name="path">A whole path, as in <see cref="Path"/>.</param>
    public ConfigNode Nearest(string path)
    {
        var node = this;
        foreach (var key in path.Split(':'))
        {
            if (node.Child(key) is not { } child)
            {
                break;
            }

            node = child;
        }

        return node;
    }

    /// <summary>The same subtree at another path: the spelling of a key that an earlier file chose stays.</summary>
    public ConfigNode At(string path)
        => path == Path ? this : new(path, Origin, Kind, Text, [.. Children.Select(child => child.At(Join(path, child.Key)))]);

    /// <summary>A short text that differs when any key, kind or value of the subtree differs. The order of keys does not count.</summary>
    /// <returns>32 lower-case hex digits: the first half of a SHA-256. Secrets go in, and cannot be read back.</returns>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    private void Append(IncrementalHash hash)
    {
        // Kind and counts come first, so that no two trees give the same bytes.
        hash.AppendData([(byte)Kind]);
        AppendText(hash, Text ?? "");
        AppendCount(hash, Children.Length);
        var ordered = Kind == ConfigNodeKind.Object
            ? Children.Sort(static (a, b) => StringComparer.OrdinalIgnoreCase.Compare(a.Key, b.Key))
            : Children;
        foreach (var child in ordered)
        {
            AppendText(hash, child.Key);
            child.Append(hash);
        }
    }

    private static void AppendText(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        AppendCount(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void AppendCount(IncrementalHash hash, int count)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, count);
        hash.AppendData(bytes);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Path} ({Kind}, {Origin})";
}
