using System.Text;
using System.Threading.Channels;

namespace Gateway.LocalFunctions.Tests;

/// <summary>Keeps what a program writes, whole and as lines for a test to wait for.</summary>
internal sealed class ServeOutput : StringWriter
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _line = new();

    public override void Write(char value)
    {
        base.Write(value);
        Take([value]);
    }

    public override void Write(string? value)
    {
        base.Write(value);
        Take(value);
    }

    public override Task WriteAsync(string? value)
    {
        Write(value);
        return Task.CompletedTask;
    }

    public override Task WriteLineAsync(string? value)
    {
        Write(value + Environment.NewLine);
        return Task.CompletedTask;
    }

    /// <summary>The next line that holds a text; those before it are dropped.</summary>
    public async Task<string> WaitForAsync(string text)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        await foreach (var line in _lines.Reader.ReadAllAsync(patience.Token))
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException("The output has ended.");
    }

    private void Take(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c == '\n')
            {
                _lines.Writer.TryWrite(_line.ToString());
                _line.Clear();
            }
            else
            {
                _line.Append(c);
            }
        }
    }
}
