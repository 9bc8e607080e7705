using System.Text.Json.Serialization;

namespace Gateway.LocalFunctions;

/// <summary>What runs a local function.</summary>
public enum LocalRuntime
{
    /// <summary>Node.js, of the machine's version.</summary>
    [JsonStringEnumMemberName("nodejs")]
    NodeJs,

    /// <summary>Python 3, of the machine's version.</summary>
    [JsonStringEnumMemberName("python")]
    Python,

    /// <summary>PHP, of the machine's version.</summary>
    [JsonStringEnumMemberName("php")]
    Php,

    /// <summary>Java, compiled and run by the machine's JDK.</summary>
    [JsonStringEnumMemberName("java")]
    Java,

    /// <summary>A server of the function's own, started by a command.</summary>
    [JsonStringEnumMemberName("custom")]
    Custom,
}
