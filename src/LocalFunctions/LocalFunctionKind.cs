namespace Gateway.LocalFunctions;

/// <summary>How a local function is called.</summary>
public enum LocalFunctionKind
{
    /// <summary>With an event, over the InvokeFunction API.</summary>
    Event,

    /// <summary>With the raw HTTP request, at an address of its own.</summary>
    Web,
}
