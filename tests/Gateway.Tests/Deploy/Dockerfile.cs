using System.Text.Json;

namespace Gateway.Tests.Deploy;

/// <summary>What the Dockerfile says of one of its stages.</summary>
internal sealed record Dockerfile
{
    /// <summary>Every instruction of the file, its continued lines joined.</summary>
    public static IReadOnlyList<string> Instructions { get; } =
        [.. DeployFiles.ReadText("Dockerfile")
            .Split('\n')
            .Where(static line => !line.StartsWith('#') && line.Length > 0)
            .Aggregate("", static (text, line) => text + (line.EndsWith('\\') ? line[..^1] : line + "\n"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>The image that is built when none is named.</summary>
    public static Dockerfile Gateway { get; } = Read("gateway");

    /// <summary>The image of the local function host.</summary>
    public static Dockerfile Functions { get; } = Read("functions");

    public required string Base { get; init; }

    public required string User { get; init; }

    public required IReadOnlyList<int> Ports { get; init; }

    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    public required IReadOnlyList<string> EntryPoint { get; init; }

    /// <summary>The command of the health check; empty when there is none.</summary>
    public required IReadOnlyList<string> HealthCheck { get; init; }

    /// <summary>True for the last stage.</summary>
    public required bool IsDefault { get; init; }

    private static Dockerfile Read(string name)
    {
        var start = Instructions.Index().Single(line => line.Item.StartsWith("FROM ", StringComparison.Ordinal) && line.Item.EndsWith($" AS {name}", StringComparison.Ordinal)).Index;
        var lines = Instructions.Skip(start + 1).TakeWhile(static line => !line.StartsWith("FROM ", StringComparison.Ordinal)).ToArray();

        return new Dockerfile
        {
            Base = Instructions[start].Split(' ')[1],
            User = Values(lines, "USER").Single(),
            Ports = [.. Values(lines, "EXPOSE").SelectMany(static ports => ports.Split(' ')).Select(int.Parse)],
            Variables = Values(lines, "ENV")
                .SelectMany(static variables => variables.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .ToDictionary(static variable => variable.Split('=')[0], static variable => variable.Split('=')[1]),
            EntryPoint = Command(Values(lines, "ENTRYPOINT").Single()),
            HealthCheck = Values(lines, "HEALTHCHECK").Select(static check => Command(check[check.IndexOf('[', StringComparison.Ordinal)..])).SingleOrDefault() ?? [],
            IsDefault = start + 1 + lines.Length == Instructions.Count,
        };
    }

    private static IEnumerable<string> Values(string[] lines, string instruction)
        => lines.Where(line => line.StartsWith(instruction + " ", StringComparison.Ordinal)).Select(line => line[(instruction.Length + 1)..].Trim());

    private static string[] Command(string json) => JsonSerializer.Deserialize<string[]>(json)!;
}
