using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Gateway.TestSupport;

namespace Gateway.IntegrationTests;

/// <summary>Raw requests out of other projects' test documents, which show them in fenced blocks.</summary>
internal static partial class RawRequestCorpus
{
    /// <summary>The first request of each page; every line end is spelled out in the text, e.g. <c>GET / HTTP/1.1\r\n</c>.</summary>
    public static IReadOnlyList<(string Name, string Request)> ReadHttp11Probe() => Read("http11probe", static (block, text) =>
    {
        text.Append(block.Replace("\r\n", "\n", StringComparison.Ordinal)
            .Replace("\\r\\n\n", "\\r\\n", StringComparison.Ordinal)
            .Replace("\\n\n", "\\n", StringComparison.Ordinal)
            .Replace("\\r\n", "\\r", StringComparison.Ordinal)
            .TrimEnd('\n'));
    });

    /// <summary>All requests; a line ends with CR LF unless a backslash joins it to the next.</summary>
    public static IReadOnlyList<(string Name, string Request)> ReadLlhttp() => Read("llhttp", static (block, text) =>
    {
        foreach (var line in block.TrimEnd('\n').Split('\n'))
        {
            text.Append(line.EndsWith('\\') ? line[..^1] : line + "\r\n");
        }
    });

    private static List<(string Name, string Request)> Read(string corpus, Action<string, StringBuilder> join)
    {
        var folder = Repository.Corpus(corpus);
        Assert.SkipWhen(folder is null, $"the corpus {corpus} is not here");
        var requests = new List<(string, string)>();
        foreach (var file in Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, file);
            foreach (Match block in Block.Matches(File.ReadAllText(file)))
            {
                var text = new StringBuilder();
                join(block.Groups[1].Value, text);
                requests.Add((string.Create(CultureInfo.InvariantCulture, $"{name} at {block.Index}"), Unescape(text.ToString())));
            }
        }

        return requests;
    }

    /// <summary>Bytes as characters: escapes resolved, everything beyond ASCII as its UTF-8.</summary>
    private static string Unescape(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(Escape.Replace(text, static match => match.Value[1] switch
    {
        'r' => "\r",
        'n' => "\n",
        't' => "\t",
        'f' => "\f",
        '0' => "\0",
        _ => ((char)Convert.ToByte(match.Value[2..], 16)).ToString(),
    })));

    [GeneratedRegex("^```http\r?\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block { get; }

    [GeneratedRegex(@"\\(?:[rntf0]|x[0-9a-fA-F]{2})")]
    private static partial Regex Escape { get; }
}
