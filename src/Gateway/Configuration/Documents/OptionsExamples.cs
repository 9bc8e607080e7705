using System.Collections.Frozen;
using Gateway.Configuration.Binding;

namespace Gateway.Configuration.Documents;

/// <summary>One example of a value for each key, as JSON. A test binds all of them.</summary>
internal static class OptionsExamples
{
    /// <summary>Values of keys by <c>Type.Key</c>, where the default would show little.</summary>
    private static readonly FrozenDictionary<string, string> Written = new Dictionary<string, string>
    {
        ["Gateway.Stage"] = "\"RELEASE\"",
        ["Gateway.TrustedProxies"] = "[\"10.0.0.0/8\", \"2001:db8::7\"]",
        ["Shutdown.DrainDelay"] = "\"5s\"",
        ["Management.Address"] = "\"0.0.0.0\"",
        ["TlsCertificate.Hosts"] = "[\"api.example.com\", \"*.shop.example.com\"]",
        ["TlsCertificate.Certificate"] = "\"/run/tls/tls.crt\"",
        ["TlsCertificate.Key"] = "\"/run/tls/tls.key\"",
        ["TlsCertificate.Password"] = "\"from a secret file\"",
        ["Group.RedirectHttp"] = "true",
        ["Api.RedirectHttp"] = "true",
        ["Function.Address"] = "\"https://shop-abc.cn-hangzhou-vpc.fcapp.run\"",
        ["Function.Addresses"] = "[\"http://10.0.1.4:9000\", \"http://10.0.1.5:9000\"]",
        ["Function.AllowInvalidCertificate"] = "true",
        ["Function.Concurrency"] = "50",
        ["Function.Function"] = "\"hello\"",
        ["Function.HideSignature"] = "true",
        ["Retry.Statuses"] = "[502, 503, 504]",
        ["Retry.Methods"] = "[\"GET\", \"HEAD\", \"POST\"]",
        ["Retry.AttemptTimeout"] = "\"2s\"",
        ["CircuitBreaker.Errors"] = "100",
        ["ActiveHealth.Path"] = "\"/health\"",
        ["ProxySignature.Key"] = "\"gateway-1\"",
        ["ProxySignature.Secret"] = "\"from a secret file\"",
        ["Credentials.AccessKeyId"] = "\"LTAI5tExample\"",
        ["Credentials.AccessKeySecret"] = "\"from a secret file\"",
        ["Credentials.SecurityToken"] = "\"from a secret file\"",
        ["EventFunction.Qualifier"] = "\"LATEST\"",
        ["Mock.StatusCode"] = "503",
        ["Mock.Headers"] = "{\"Retry-After\": \"60\"}",
        ["Mock.Body"] = "\"maintenance\"",
        ["WebFunction.PreserveHost"] = "true",
        ["LocalFunction.Runtime"] = "\"nodejs\"",
        ["LocalFunction.Code"] = "\"samples/functions/nodejs\"",
        ["LocalFunction.Handler"] = "\"index.handler\"",
        ["LocalFunction.Command"] = "[\"node\", \"server.js\"]",
        ["LocalFunction.Port"] = "9000",
        ["LocalFunction.Initializer"] = "\"index.initialize\"",
        ["LocalFunction.PreStop"] = "\"index.preStop\"",
        ["LocalFunction.Environment"] = "{\"TABLE\": \"orders\"}",
        ["Group.BasePath"] = "\"/shop\"",
        ["Group.Hosts"] = "[\"api.example.com\", \"*.shop.example.com\"]",
        ["Api.Enabled"] = "false",
        ["Api.Path"] = "\"/hello/[name]\"",
        ["Api.Methods"] = "[\"GET\", \"POST\"]",
        ["Api.Backend"] = "\"hello\"",
        ["Api.Auth"] = "\"None\"",
        ["Api.Protocols"] = "[\"HTTPS\"]",
        ["Api.Timeout"] = "\"3s\"",
        ["Api.BackendMethod"] = "\"POST\"",
        ["Api.BackendPath"] = "\"/v1/[name]\"",
        ["Api.ResponseContentType"] = "\"text/html; charset=utf-8\"",
        ["Api.ForceResponseContentType"] = "true",
        ["Api.AllowEncodedSlash"] = "true",
        ["Api.MaxRequestBody"] = "\"8MB\"",
        ["Api.Apps"] = "{\"fcApp\": {\"ExpiresAt\": \"2027-12-31T00:00:00Z\"}}",
        ["Api.AppCode"] = "\"HeaderOrQuery\"",
        ["Api.SignatureMethods"] = "[\"HmacSHA256\", \"HmacSHA1\"]",
        ["Api.RequireNonce"] = "true",
        ["Api.StrictSignature"] = "true",
        ["Api.Concurrency"] = "100",
        ["Api.SystemParameters"] = "{\"CaClientIp\": {\"Header\": \"X-Client\"}}",
        ["SystemParameter.Header"] = "\"X-Client\"",
        ["SystemParameter.Query"] = "\"clientIp\"",
        ["PolicyReferences.IpAccess"] = "\"office\"",
        ["PolicyReferences.Throttling"] = "[\"standard\", \"tenants\"]",
        ["PolicyReferences.Cors"] = "\"web-shop\"",
        ["App.Enabled"] = "false",
        ["App.AppId"] = "\"110840611\"",
        ["App.AppKey"] = "\"60022326\"",
        ["App.AppSecret"] = "\"from a secret file\"",
        ["App.PreviousAppSecret"] = "\"from a secret file\"",
        ["App.PreviousUntil"] = "\"2027-01-31T00:00:00Z\"",
        ["App.AppCodes"] = "[\"from a secret file\"]",
        ["Grant.Enabled"] = "false",
        ["Grant.ExpiresAt"] = "\"2027-12-31T00:00:00Z\"",
        ["Authentication.BodyFolder"] = "\"/var/tmp/gateway\"",
        ["Authentication.ShowStringToSign"] = "false",
        ["IpAccess.Allow"] = "[\"10.0.0.0/8\", \"2001:db8::/32\"]",
        ["IpAccess.Deny"] = "[\"10.6.6.6\"]",
        ["IpAccess.Apps"] = "{\"fcApp\": {\"Allow\": [\"192.0.2.7\"]}}",
        ["IpAccessApp.Allow"] = "[\"192.0.2.7\"]",
        ["Throttling.Unit"] = "\"Minute\"",
        ["Throttling.PerApi"] = "1000",
        ["Throttling.PerApp"] = "100",
        ["Throttling.PerIp"] = "60",
        ["Throttling.Apps"] = "{\"fcApp\": 500}",
        ["Throttling.Rules"] = "{\"tenant\": {\"Header\": \"X-Tenant\", \"Limit\": 10}}",
        ["Throttling.Shared"] = "true",
        ["Throttling.Headers"] = "\"RateLimit\"",
        ["ThrottlingRule.Header"] = "\"X-Tenant\"",
        ["ThrottlingRule.Query"] = "\"tenant\"",
        ["ThrottlingRule.Path"] = "\"tenant\"",
        ["ThrottlingRule.Limit"] = "10",
        ["ThrottlingRule.Unit"] = "\"Hour\"",
        ["Cors.AllowOrigins"] = "[\"https://app.example.com\", \"https://*.shop.example.com\"]",
        ["Cors.AllowMethods"] = "[\"GET\", \"POST\"]",
        ["Cors.AllowHeaders"] = "[\"Authorization\", \"Content-Type\"]",
        ["Cors.ExposeHeaders"] = "[\"X-Total\"]",
        ["Cors.AllowCredentials"] = "true",
        ["Errors.Status"] = "{\"I404DO\": 421}",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The example of a key; null for objects, which have tables of their own.</summary>
    /// <param name="type">The record.</param>
    /// <param name="property">Its key.</param>
    public static string? Find(OptionsType type, OptionsProperty property)
    {
        var owner = OptionsText.Name(property.Member.DeclaringType ?? type.ClrType);
        return Written.TryGetValue($"{owner}.{property.Name}", out var example) ? example
            : property is { Type.Kind: OptionsKind.Boolean or OptionsKind.Integer, Default: { } scalar } ? OptionsText.Scalar(property.Type, scalar)
            : property is { Type.Kind: OptionsKind.Choice or OptionsKind.Duration or OptionsKind.Size, Default: { } quoted }
                ? $"\"{OptionsText.Scalar(property.Type, quoted)}\""
                : null;
    }
}
