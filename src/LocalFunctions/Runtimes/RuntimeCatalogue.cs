namespace Gateway.LocalFunctions.Runtimes;

/// <summary>The runtimes by name.</summary>
internal static class RuntimeCatalogue
{
    private static readonly Runtime NodeJs = new ScriptRuntime(
        ["node", "nodejs"], [], "nodejs/worker.js", "Node.js is not on PATH. Install it, version 18 or newer: https://nodejs.org");

    private static readonly Runtime Python = new ScriptRuntime(
        ["python3", "python"],
        ["-u", "-X", "utf8"],
        "python/worker.py",
        "Python is not on PATH. Install Python 3.9 or newer: https://www.python.org");

    private static readonly Runtime Php = new ScriptRuntime(
        ["php"],
        ["-d", "display_errors=stderr", "-d", "log_errors=0"],
        "php/worker.php",
        "PHP is not on PATH. Install the PHP command line, version 8.0 or newer: https://www.php.net");

    private static readonly Runtime Java = new JavaRuntime();

    private static readonly Runtime Custom = new CustomRuntime();

    /// <summary>The runtime of that name.</summary>
    public static Runtime Of(LocalRuntime runtime) => runtime switch
    {
        LocalRuntime.NodeJs => NodeJs,
        LocalRuntime.Python => Python,
        LocalRuntime.Php => Php,
        LocalRuntime.Java => Java,
        LocalRuntime.Custom => Custom,
        _ => throw new ArgumentOutOfRangeException(nameof(runtime), runtime, "No such runtime."),
    };
}
