using Gateway.Configuration.Binding;
using Gateway.Configuration.Reading;
using Gateway.Configuration.Validation;
using Gateway.Contracts;

namespace Gateway.Configuration;

/// <summary>Reads, merges, binds and validates a configuration. The same for start, reload and the verb <c>validate</c>.</summary>
internal static class ConfigurationLoader
{
    /// <summary>Name of the section that is ours.</summary>
    public const string SectionName = "Gateway";

    /// <summary>Loads a configuration. Never throws for what stands in files, variables or arguments.</summary>
    public static ConfigurationResult Load(ConfigurationSource source)
    {
        var problems = new ProblemList();

        // A stage that is not one, or a file that cannot be read, makes everything after it look wrong: tell the cause only.
        var root = CheckEnvironment(source, hasStage: true, hasFile: true, problems) ? ConfigurationReader.Read(source, problems) : null;
        if (root is null || !CheckEnvironment(source, HasStage(root), File.Exists(source.PathOf(source.StageFileName)), problems))
        {
            return new ConfigurationResult(null, problems.Sorted());
        }

        var options = BindGateway(root, problems);
        if (options is not null)
        {
            GatewayValidator.Validate(options, new ValidationContext(root, source, problems));
        }

        return problems.Count > 0 || options is null
            ? new ConfigurationResult(null, problems.Sorted())
            : new ConfigurationResult(
                new GatewayConfiguration
                {
                    Options = options,
                    Root = root,
                    Environment = source.Environment,
                    Stage = options.Stage ?? StageName.Of(source.Environment),
                },
                []);
    }

    private static bool HasStage(ConfigNode root) => root.Child(SectionName)?.Child(nameof(GatewayOptions.Stage)) is { Kind: ConfigNodeKind.Value };

    /// <summary>Refuses an environment that is none; before the files are read, with both said to be there, only for its spelling.</summary>
    private static bool CheckEnvironment(ConfigurationSource source, bool hasStage, bool hasFile, ProblemList problems)
    {
        if (StageName.Refuse(source.Environment, hasStage, hasFile) is not { } refusal)
        {
            return true;
        }

        problems.Add("Environment", new ConfigOrigin(ConfigLayer.Process, "name of the environment"), refusal);
        return false;
    }

    private static GatewayOptions? BindGateway(ConfigNode root, ProblemList problems)
    {
        if (root.Child(SectionName) is { Kind: not ConfigNodeKind.Null } section)
        {
            return new OptionsBinder(problems).Bind<GatewayOptions>(section);
        }

        // Without this check a misspelt section would start a gateway that answers 404 to everything.
        var inFiles = root.Children
            .Where(static child => child is { Origin.IsFile: true, Kind: ConfigNodeKind.Object })
            .Select(static child => child.Key);
        problems.Add(
            SectionName,
            new ConfigOrigin(ConfigLayer.BaseFile, ConfigurationSource.BaseFileName),
            Suggestion.Nearest(SectionName, inFiles) is { } near
                ? $"there is no section '{SectionName}', only '{near}'. Rename it to {SectionName}."
                : $"there is no section '{SectionName}'. Add \"{SectionName}\": {{ }} with Backends and Groups.");
        return null;
    }
}
