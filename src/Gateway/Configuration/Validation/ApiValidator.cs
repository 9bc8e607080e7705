using Gateway.Backends;
using Gateway.Contracts;
using Microsoft.Net.Http.Headers;

namespace Gateway.Configuration.Validation;

/// <summary>Rules for one API. A disabled one keeps all of them, so that it can be enabled by one key.</summary>
internal static class ApiValidator
{
    private const string AnyMethod = "ANY";

    /// <summary>Largest body of an event: it is held in memory, as Base64 and as JSON besides.</summary>
    private static readonly ByteSize LargestEventBody = new(64 << 20);

    /// <summary>Adds the problems of one API.</summary>
    /// <param name="api">The API.</param>
    /// <param name="basePath">Valid base path of its group.</param>
    /// <param name="backends">The backends that could be bound.</param>
    /// <param name="path">Path of the API in the configuration.</param>
    /// <param name="context">Where problems go.</param>
    /// <returns>Base path and path together; null when they are not valid.</returns>
    public static PathTemplate? Validate(
        ApiOptions api, string basePath, IReadOnlyDictionary<string, BackendOptions> backends, string path, ValidationContext context)
    {
        var template = ValidatePath(api.Path, basePath, $"{path}:{nameof(api.Path)}", context);
        ValidateMethods(api.Methods, $"{path}:{nameof(api.Methods)}", context);
        if (api.Protocols.Count == 0)
        {
            context.Add($"{path}:{nameof(api.Protocols)}", "the list is empty, so that nobody could call the API. Write HTTP, HTTPS or both.");
        }

        ValidateBackend(api, template, FindBackend(api.Backend, backends, $"{path}:{nameof(api.Backend)}", context), path, context);
        ValidateContentType(api, path, context);
        SystemParameterValidator.Validate(api.SystemParameters, $"{path}:{nameof(api.SystemParameters)}", context);
        return template;
    }

    private static PathTemplate? ValidatePath(string? apiPath, string basePath, string path, ValidationContext context)
    {
        if (apiPath is null)
        {
            context.AddMissing(path, "Write the path behind the group's base path, such as /hello/[name].");
            return null;
        }

        // The part first, so that a message shows what stands in the file; then the whole, where names may repeat.
        if (!PathTemplate.TryParse(apiPath, out var template, out var problem)
            || !PathTemplate.TryParse(ApiPath.Join(basePath, apiPath), out template, out problem))
        {
            context.Add(path, $"{problem}. Write a path such as /hello/[name] or /files/*.");
            return null;
        }

        return template;
    }

    private static void ValidateMethods(IReadOnlyList<string> methods, string path, ValidationContext context)
    {
        if (methods.Count == 0)
        {
            context.Add(path, "the list is empty, so that nobody could call the API. Write its methods, or ANY.");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < methods.Count; i++)
        {
            var method = methods[i];
            if (method != AnyMethod && method.Equals(AnyMethod, StringComparison.OrdinalIgnoreCase))
            {
                context.Add($"{path}:{i}", $"'{method}' is not {AnyMethod}: methods compare with case. Write {AnyMethod}.");
            }
            else if (HttpToken.RefuseMethod(method) is { } refusal)
            {
                context.Add($"{path}:{i}", refusal);
            }
            else if (!seen.Add(method))
            {
                context.Add($"{path}:{i}", $"{method} stands in the list twice. Take one out.");
            }
        }

        if (methods.Count > 1 && methods.Contains(AnyMethod))
        {
            context.Add(path, $"{AnyMethod} takes every method and stands beside others. Write either {AnyMethod} or the methods.");
        }
    }

    private static BackendOptions? FindBackend(
        string? name, IReadOnlyDictionary<string, BackendOptions> backends, string path, ValidationContext context)
    {
        if (name is null)
        {
            context.AddMissing(path, $"Write the name of a backend: {Suggestion.List(context.KeysOf("Gateway:Backends"))}.");
            return null;
        }

        if (!backends.TryGetValue(name, out var backend))
        {
            Reference.RefuseUnknown(name, "Gateway:Backends", "a backend", path, context);
        }

        return backend;
    }

    private static void ValidateBackend(ApiOptions api, PathTemplate? template, BackendOptions? backend, string path, ValidationContext context)
    {
        // A fixed answer ignores what is meant for functions: a stage may put one in the place of any backend.
        if (backend is EventFunctionOptions)
        {
            RefuseKey(api.BackendPath, nameof(api.BackendPath), "web", "an event function", path, context);
            RefuseKey(api.BackendMethod, nameof(api.BackendMethod), "web", "an event function", path, context);
            if (api.MaxRequestBody > LargestEventBody)
            {
                context.Add(
                    $"{path}:{nameof(api.MaxRequestBody)}",
                    $"{api.MaxRequestBody} is too much for an event function, whose requests are held in memory. Write {LargestEventBody} or less.");
            }
        }
        else if (backend is WebFunctionOptions)
        {
            RefuseKey(
                api.ResponseContentType, nameof(api.ResponseContentType), "event", "a web function, whose answers pass unchanged", path, context);
        }

        if (api.BackendMethod is { } method && (method.Equals(AnyMethod, StringComparison.OrdinalIgnoreCase)
            ? $"{method} is not a method that can be sent. Write one, or take the key out to send the client's."
            : HttpToken.RefuseMethod(method)) is { } refusal)
        {
            context.Add($"{path}:{nameof(api.BackendMethod)}", refusal);
        }

        if (api.BackendPath is { } backendPath && template is not null)
        {
            ValidateBackendPath(backendPath, template, $"{path}:{nameof(api.BackendPath)}", context);
        }
    }

    private static void RefuseKey(string? value, string key, string kind, string found, string path, ValidationContext context)
    {
        if (value is not null)
        {
            context.Add($"{path}:{key}", $"{key} is for {kind} functions only, and this backend is {found}. Take it out.");
        }
    }

    private static void ValidateBackendPath(string backendPath, PathTemplate template, string path, ValidationContext context)
    {
        if (!PathTemplate.TryParse(backendPath, out var target, out var problem))
        {
            context.Add(path, $"{problem}. Write a path such as /v1/[name].");
            return;
        }

        foreach (var segment in target!.Segments)
        {
            if (segment.Kind == PathSegmentKind.Parameter && template.IndexOf(segment.Text) < 0)
            {
                var names = template.Segments.Where(static s => s.Kind == PathSegmentKind.Parameter).Select(static s => s.Text);
                context.Add(path, $"[{segment.Text}] is not in the path '{template}'. Use its names: {Suggestion.List(names)}.");
            }
        }

        if (target.HasTail && !template.HasTail)
        {
            context.Add(path, $"* needs a path that ends in *, and this one is '{template}'. Take it out here, or add it to Path.");
        }
    }

    private static void ValidateContentType(ApiOptions api, string path, ValidationContext context)
    {
        if (api.ResponseContentType is { } type
            && (!HttpToken.IsHeaderValue(type) || !MediaTypeHeaderValue.TryParse(type, out _) || type.Contains('*')))
        {
            context.Add(
                $"{path}:{nameof(api.ResponseContentType)}",
                $"{Show.Value(type)} is not a media type. Write one such as application/json; charset=utf-8.");
        }

        if (api is { ForceResponseContentType: true, ResponseContentType: null })
        {
            context.Add(
                $"{path}:{nameof(api.ForceResponseContentType)}",
                "there is no ResponseContentType that could win. Add it, or take this key out.");
        }
    }
}
