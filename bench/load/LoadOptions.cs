using System.Globalization;

namespace Gateway.Bench.Load;

/// <summary>What the command line asks for.</summary>
internal sealed record LoadOptions
{
    /// <summary>How the program is called.</summary>
    public const string Usage = """
        Compares CPU time per request of the gateway and of a bare YARP program.

          dotnet run -c Release --project bench/load -- [options]

          --seconds N       length of a round, default 1.2
          --rounds N        rounds per profile, side and start, default 3
          --starts N        process starts per side, default 3
          --connections N   keep-alive connections, default 32
          --profiles A,B    which profiles, default all
          --aa              bare YARP on both sides: shows the noise of this machine
          --no-build        uses what is built already (Release)
        """;

    /// <summary>Length of one round.</summary>
    public TimeSpan Round { get; init; } = TimeSpan.FromSeconds(1.2);

    /// <summary>Rounds per profile, side and start.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Process starts per side.</summary>
    public int Starts { get; init; } = 3;

    /// <summary>Keep-alive connections, each with one request in flight.</summary>
    public int Connections { get; init; } = 32;

    /// <summary>The profiles to run, in their order.</summary>
    public IReadOnlyList<Profile> Profiles { get; init; } = Profile.All;

    /// <summary>True compares bare YARP with itself.</summary>
    public bool IsSelfComparison { get; init; }

    /// <summary>False when the programs under test are built already.</summary>
    public bool Build { get; init; } = true;

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">An option is unknown, lacks its value, or has one that cannot be read.</exception>
    public static LoadOptions Parse(IEnumerable<string> arguments)
    {
        var options = new LoadOptions();
        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out var name))
        {
            options = name switch
            {
                "--seconds" => options with { Round = TimeSpan.FromSeconds(Number(name, rest)) },
                "--rounds" => options with { Rounds = (int)Number(name, rest) },
                "--starts" => options with { Starts = (int)Number(name, rest) },
                "--connections" => options with { Connections = (int)Number(name, rest) },
                "--profiles" => options with { Profiles = Named(Value(name, rest)) },
                "--aa" => options with { IsSelfComparison = true },
                "--no-build" => options with { Build = false },
                _ => throw new FormatException($"Unknown option {name}."),
            };
        }

        return options;
    }

    private static string Value(string name, Queue<string> rest)
        => rest.TryDequeue(out var value) ? value : throw new FormatException($"{name} needs a value.");

    private static double Number(string name, Queue<string> rest)
        => double.TryParse(Value(name, rest), CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1000
            ? number
            : throw new FormatException($"{name} needs a number above 0.");

    private static Profile[] Named(string list)
        => [.. list.Split(',').Select(static name => Profile.All.FirstOrDefault(profile => profile.Name == name) ?? throw Unknown(name))];

    private static FormatException Unknown(string profile)
        => new($"Unknown profile {profile}; there are {string.Join(", ", Profile.All.Select(static known => known.Name))}.");
}
