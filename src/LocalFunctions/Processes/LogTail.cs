using System.Text;

namespace Gateway.LocalFunctions.Processes;

/// <summary>The end of a call's log, at most <see cref="LongestBytes"/> of UTF-8. Not thread-safe.</summary>
internal sealed class LogTail
{
    /// <summary>Most that the function service sends back, in bytes.</summary>
    public const int LongestBytes = 4 << 10;

    private readonly StringBuilder _text = new();

    /// <summary>Forgets all lines.</summary>
    public void Clear() => _text.Clear();

    /// <summary>Adds a line.</summary>
    public void Add(string line)
    {
        _text.Append(line).Append('\n');
        if (_text.Length > 2 * LongestBytes)
        {
            _text.Remove(0, _text.Length - LongestBytes); // No character takes less than a byte: what is left is enough.
        }
    }

    /// <summary>The end of what was added, cut between characters.</summary>
    public override string ToString()
    {
        var bytes = Encoding.UTF8.GetBytes(_text.ToString());
        var start = Math.Max(0, bytes.Length - LongestBytes);
        while (start < bytes.Length && start > 0 && (bytes[start] & 0xc0) == 0x80)
        {
            start++;
        }

        return Encoding.UTF8.GetString(bytes, start, bytes.Length - start);
    }
}
