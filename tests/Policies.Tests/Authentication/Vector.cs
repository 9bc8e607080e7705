using System.Text.Json.Nodes;
using Gateway.TestSupport;

namespace Gateway.Policies.Tests.Authentication;

/// <summary>A request that a real client library made, or a case of the documentation, with its string-to-sign.</summary>
/// <param name="Id">File and name.</param>
/// <param name="Request">The request.</param>
/// <param name="ClientText">What the client signed; null for a request with an AppCode.</param>
/// <param name="Documented">The documented string-to-sign; null for a request with an AppCode.</param>
/// <param name="Expected">Code of the refusal, or <c>ok</c>.</param>
public sealed record Vector(string Id, TestRequest Request, string? ClientText, string? Documented, string Expected)
{
    private static readonly string[] Files = ["spec-cases", "java-sdk-core", "node-aliyun-api-gateway"];

    public static IReadOnlyList<Vector> All { get; } = [.. Files.SelectMany(ReadFile)];

    public static Vector Find(string id) => All.Single(vector => vector.Id == id);

    private static IEnumerable<Vector> ReadFile(string file)
    {
        var path = Path.Combine(Repository.Root, "tests/Policies.Tests/Authentication/Vectors", file + ".json");
        return JsonNode.Parse(File.ReadAllText(path))!["vectors"]!.AsArray().Select(node => Read(file, node!));
    }

    private static Vector Read(string file, JsonNode node)
    {
        var request = node["request"]!;
        var id = $"{file}/{node["id"]}";
        var signed = (string?)(node["client"]?["stringToSign"] ?? node["stringToSign"]);
        return new Vector(
            id,
            new TestRequest((string)request["method"]!, (string)request["target"]!)
            {
                Headers = [.. request["headers"]!.AsArray().Select(static header => ((string)header![0]!, (string)header[1]!))],
                Body = Convert.FromBase64String((string)request["bodyBase64"]!),
            },
            signed,
            Documented: (string?)node["gateway"]?["docRuleStringToSign"] ?? (id.EndsWith("get-accept-star-not-signed", StringComparison.Ordinal) ? signed!.Replace("GET\n\n", "GET\n*/*\n", StringComparison.Ordinal) : signed),
            (string?)node["errorCode"] ?? ((string?)node["gateway"]?["matchedBy"] == "repeated-values-comma-joined" ? "A403IS" : "ok"));
    }
}
