namespace Gateway.Contracts;

/// <summary>An app as everything behind authentication knows it: throttling, system parameters, logs and traces. Holds no secret.</summary>
/// <param name="Name">Its key in <c>Gateway:Apps</c>.</param>
/// <param name="AppId">Its id towards backends, the system parameter <c>CaAppId</c>.</param>
/// <param name="AppKey">Its AppKey; null for an app that has AppCodes only.</param>
public sealed record AppIdentity(string Name, string AppId, string? AppKey);
