using System.Buffers;
using System.Collections.Immutable;

namespace Gateway.Contracts;

/// <summary>What one segment of a path template matches.</summary>
public enum PathSegmentKind
{
    /// <summary>Exactly its text, compared ordinally after decoding.</summary>
    Literal,

    /// <summary>One non-empty segment, written <c>[name]</c>.</summary>
    Parameter,

    /// <summary>Everything that is left, at least an empty segment; written <c>*</c>, only at the end.</summary>
    Tail,
}

/// <summary>One segment of a <see cref="PathTemplate"/>.</summary>
/// <param name="Kind">What it matches.</param>
/// <param name="Text">The literal, decoded; the parameter's name; empty for a tail.</param>
public readonly record struct PathSegment(PathSegmentKind Kind, string Text);

/// <summary>The path of an API or of its backend: literals, <c>[name]</c> and a last <c>*</c>, e.g. <c>/shop/[id]/*</c>.</summary>
public sealed class PathTemplate
{
    private static readonly SearchValues<char> NotInLiterals = SearchValues.Create("[]*?#{}\\");

    private PathTemplate(string text, ImmutableArray<PathSegment> segments)
    {
        Text = text;
        Segments = segments;
    }

    /// <summary>The template as written.</summary>
    public string Text { get; }

    /// <summary>The segments behind the leading slash, in order; never empty. <c>/</c> is one empty literal.</summary>
    public ImmutableArray<PathSegment> Segments { get; }

    /// <summary>True when the template ends in <c>*</c>.</summary>
    public bool HasTail => Segments[^1].Kind == PathSegmentKind.Tail;

    /// <summary>Index of the segment named <paramref name="name"/>, or -1.</summary>
    public int IndexOf(string name)
    {
        for (var i = 0; i < Segments.Length; i++)
        {
            if (Segments[i].Kind == PathSegmentKind.Parameter && Segments[i].Text == name)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Reads a template.</summary>
    /// <param name="text">The template as written.</param>
    /// <param name="template">The template, when there is nothing wrong with it.</param>
    /// <param name="problem">What is wrong and how to mend it, for the operator.</param>
    public static bool TryParse(string text, out PathTemplate? template, out string? problem)
    {
        template = null;
        problem = null;
        if (!text.StartsWith('/'))
        {
            problem = $"'{text}' must begin with a slash";
            return false;
        }

        var parts = text[1..].Split('/');
        var segments = ImmutableArray.CreateBuilder<PathSegment>(parts.Length);
        for (var i = 0; i < parts.Length && problem is null; i++)
        {
            segments.Add(ReadSegment(parts[i], isLast: i == parts.Length - 1, segments, out problem));
        }

        if (problem is not null)
        {
            problem = $"'{text}': {problem}";
            return false;
        }

        template = new PathTemplate(text, segments.ToImmutable());
        return true;
    }

    private static PathSegment ReadSegment(string part, bool isLast, ImmutableArray<PathSegment>.Builder before, out string? problem)
    {
        problem = null;
        if (part == "*")
        {
            problem = isLast ? null : "* may stand only at the end";
            return new PathSegment(PathSegmentKind.Tail, "");
        }

        if (part.StartsWith('[') && part.EndsWith(']'))
        {
            var name = part[1..^1];
            if (name.Length == 0 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            {
                problem = $"'{part}' needs a name of letters, digits, _ and -";
            }
            else if (before.Any(segment => segment.Kind == PathSegmentKind.Parameter && segment.Text == name))
            {
                problem = $"[{name}] stands there twice";
            }

            return new PathSegment(PathSegmentKind.Parameter, name);
        }

        if (part.AsSpan().ContainsAny(NotInLiterals))
        {
            problem = $"'{part}' must be a plain segment, [name], or * at the end";
        }
        else if (!PercentEncoding.TryDecodeSegment(part, out var literal))
        {
            problem = $"'{part}' is not valid percent-encoding";
        }
        else if (literal is "." or "..")
        {
            problem = "dot segments are never matched";
        }
        else if (literal.Length == 0 && !(isLast && before.Count == 0))
        {
            problem = "empty segments are never matched; take out the doubled or trailing slash, or end in /*";
        }
        else
        {
            return new PathSegment(PathSegmentKind.Literal, literal);
        }

        return default;
    }

    /// <summary>The raw text of one segment of a path that matched this template.</summary>
    /// <param name="path">The path as sent, beginning with a slash.</param>
    /// <param name="index">Index into <see cref="Segments"/>; a tail gives everything from there on, slashes included.</param>
    public ReadOnlySpan<char> RawSegment(ReadOnlySpan<char> path, int index)
    {
        var rest = path[1..];
        for (var i = 0; i < index; i++)
        {
            var skipped = rest.IndexOf('/');
            rest = skipped < 0 ? default : rest[(skipped + 1)..];
        }

        var end = Segments[index].Kind == PathSegmentKind.Tail ? -1 : rest.IndexOf('/');
        return end < 0 ? rest : rest[..end];
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
