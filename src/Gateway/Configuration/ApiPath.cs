namespace Gateway.Configuration;

/// <summary>The path of an API as clients see it.</summary>
internal static class ApiPath
{
    /// <summary>Puts a group's base path before an API's path: <c>/shop</c> and <c>/</c> give <c>/shop</c>, never a trailing slash.</summary>
    /// <param name="basePath">Base path, beginning with a slash.</param>
    /// <param name="path">Path of the API, beginning with a slash.</param>
    public static string Join(string basePath, string path)
        => basePath == "/" ? path
            : path == "/" ? basePath
            : basePath + path;
}
