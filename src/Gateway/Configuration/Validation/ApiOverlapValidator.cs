using System.Text;
using Gateway.Contracts;

namespace Gateway.Configuration.Validation;

/// <summary>Refuses two enabled APIs between which a request could not choose: equal shape, host and method.</summary>
internal static class ApiOverlapValidator
{
    /// <summary>Adds a problem to the later API of each such pair, naming the earlier one.</summary>
    public static void Validate(IReadOnlyDictionary<string, GroupOptions> groups, ValidationContext context)
    {
        var byShape = new Dictionary<string, List<Candidate>>(StringComparer.Ordinal);
        foreach (var (groupName, group) in groups)
        {
            foreach (var (apiName, api) in group.Apis)
            {
                if (!api.Enabled || api.Path is null || !PathTemplate.TryParse(ApiPath.Join(group.BasePath, api.Path), out var template, out _))
                {
                    continue;
                }

                var candidate = new Candidate($"Gateway:Groups:{groupName}:Apis:{apiName}", group, api);
                var shape = Shape(template!);
                if (!byShape.TryGetValue(shape, out var earlier))
                {
                    byShape.Add(shape, earlier = []);
                }

                AddOverlaps(candidate, earlier, template!, context);
                earlier.Add(candidate);
            }
        }
    }

    private static void AddOverlaps(Candidate candidate, List<Candidate> earlier, PathTemplate template, ValidationContext context)
    {
        foreach (var other in earlier)
        {
            var methods = candidate.Api.Methods.Intersect(other.Api.Methods, StringComparer.Ordinal).ToList();
            if (methods.Count > 0 && SharesHost(candidate.Group, other.Group))
            {
                context.Add(
                    candidate.Path,
                    $"{string.Join(", ", methods)} {Show.Value(template.Text)} is also taken by {other.Path} ({context.OriginOf(other.Path)}). "
                        + "Change the path, the methods or the hosts of one of them, or disable it.");
            }
        }
    }

    /// <summary>Groups without hosts come after those whose host matched, so the two kinds never compete.</summary>
    private static bool SharesHost(GroupOptions a, GroupOptions b)
        => (a.Hosts.Count == 0 && b.Hosts.Count == 0)
            || a.Hosts.Any(host => b.Hosts.Any(other => HostPattern.Overlaps(host, other)));

    /// <summary>The template without the names of its parameters. Literals cannot hold a slash that is not written %2F.</summary>
    private static string Shape(PathTemplate template)
    {
        var shape = new StringBuilder();
        foreach (var segment in template.Segments)
        {
            shape.Append('/').Append(segment.Kind switch
            {
                PathSegmentKind.Literal => segment.Text,
                PathSegmentKind.Parameter => "[]",
                _ => "*",
            });
        }

        return shape.ToString();
    }

    private sealed record Candidate(string Path, GroupOptions Group, ApiOptions Api);
}
