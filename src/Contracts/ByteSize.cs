using System.Globalization;

namespace Gateway.Contracts;

/// <summary>A number of bytes, written <c>512B</c>, <c>64KB</c>, <c>6MB</c> or <c>1GB</c> in configuration (powers of 1,024).</summary>
/// <param name="Bytes">The number of bytes, not negative.</param>
public readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>
{
    private static readonly (string Unit, long Factor)[] Units = [("GB", 1L << 30), ("MB", 1L << 20), ("KB", 1L << 10), ("B", 1)];

    /// <summary>Reads a size: digits and one of the units, any case, a blank between them allowed. A bare number is refused.</summary>
    public static bool TryParse(string text, out ByteSize size)
    {
        size = default;
        foreach (var (unit, factor) in Units)
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
            {
                var ok = long.TryParse(text.AsSpan(0, text.Length - unit.Length).TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                    && count <= long.MaxValue / factor;
                size = new ByteSize(ok ? count * factor : 0);
                return ok;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <summary>The size as it would be written, in the largest unit that divides it.</summary>
    public override string ToString()
    {
        var bytes = Bytes;
        var (unit, factor) = bytes == 0 ? Units[^1] : Units.First(u => bytes % u.Factor == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{Bytes / factor}{unit}");
    }

    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;

    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;

    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;

    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;
}
