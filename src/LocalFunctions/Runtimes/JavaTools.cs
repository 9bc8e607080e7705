namespace Gateway.LocalFunctions.Runtimes;

/// <summary>The programs of a Java development kit on this machine.</summary>
/// <param name="Java">Full path of the virtual machine.</param>
/// <param name="Compiler">Full path of the compiler.</param>
internal sealed record JavaTools(string Java, string Compiler)
{
    private static readonly string Extension = OperatingSystem.IsWindows() ? ".exe" : "";

    /// <summary>Looks for both in <c>JAVA_HOME</c>, then on PATH; null when there is no development kit.</summary>
    public static JavaTools? Find() => FindAtHome() ?? FindOnPath();

    private static JavaTools? FindAtHome()
    {
        if (Environment.GetEnvironmentVariable("JAVA_HOME") is not { Length: > 0 } home)
        {
            return null;
        }

        var tools = new JavaTools(Path.Combine(home, "bin", "java" + Extension), Path.Combine(home, "bin", "javac" + Extension));
        return File.Exists(tools.Java) && File.Exists(tools.Compiler) ? tools : null;
    }

    private static JavaTools? FindOnPath()
        => ExecutablePath.FindFirst(["java"]) is { } java && ExecutablePath.FindFirst(["javac"]) is { } compiler
            ? new JavaTools(java, compiler)
            : null;
}
