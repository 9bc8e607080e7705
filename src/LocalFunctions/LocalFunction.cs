using Microsoft.AspNetCore.Http;

namespace Gateway.LocalFunctions;

/// <summary>A function that runs in this process: a name and what answers. Immutable.</summary>
public sealed class LocalFunction
{
    private LocalFunction(string name, IEventFunction? eventHandler, RequestDelegate? webHandler)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        EventHandler = eventHandler;
        WebHandler = webHandler;
    }

    /// <summary>Name of the function; case matters. A backend without an address is the local function of its name.</summary>
    public string Name { get; }

    /// <summary>How the function is called.</summary>
    public LocalFunctionKind Kind => EventHandler is not null ? LocalFunctionKind.Event : LocalFunctionKind.Web;

    /// <summary>Longest time one event may take; the call then fails as a function error. Web functions have no limit.</summary>
    public TimeSpan Timeout { get; private init; }

    /// <summary>What answers events; null for a web function.</summary>
    internal IEventFunction? EventHandler { get; }

    /// <summary>What answers requests; null for an event function.</summary>
    internal RequestDelegate? WebHandler { get; }

    /// <summary>A function that gets events.</summary>
    /// <param name="name">Name of the function.</param>
    /// <param name="handler">What answers.</param>
    /// <param name="timeout">Longest time one event may take; null for one minute.</param>
    public static LocalFunction Event(string name, IEventFunction handler, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return new LocalFunction(name, handler, webHandler: null) { Timeout = timeout ?? TimeSpan.FromMinutes(1) };
    }

    /// <summary>A function that gets raw HTTP requests, WebSockets included.</summary>
    public static LocalFunction Web(string name, RequestDelegate handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return new LocalFunction(name, eventHandler: null, handler) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
    }
}
