using System.Text.Json.Serialization;
using Gateway.Policies.Cors;
using Gateway.Policies.IpAccess;
using Gateway.Policies.Throttling;

namespace Gateway.Policies;

/// <summary>One entry of <c>Gateway:Policies</c>, which groups and APIs name. <c>Type</c> says which kind.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "Type")]
[JsonDerivedType(typeof(IpAccessOptions), "IpAccess")]
[JsonDerivedType(typeof(ThrottlingOptions), "Throttling")]
[JsonDerivedType(typeof(CorsOptions), "Cors")]
public abstract record PolicyOptions;
