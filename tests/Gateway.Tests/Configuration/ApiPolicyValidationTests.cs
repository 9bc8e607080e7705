namespace Gateway.Tests.Configuration;

/// <summary>Rules between an API, its apps and the policies that hold for it.</summary>
public class ApiPolicyValidationTests
{
    [Theory]
    [InlineData(""" "Auth": "App" """, ":Auth", "no app is listed")]
    [InlineData("", ":Apps", "write \"Auth\": \"None\" to let anybody call")]
    [InlineData(""" "Apps": {} """, ":Apps", "no app is listed")]
    [InlineData(""" "Apps": { "sgner": {} } """, ":Apps:sgner", "Did you mean 'signer'?")]
    [InlineData(""" "Apps": { "signer": null } """, ":Apps:signer", "\"Enabled\": false")]
    [InlineData(""" "Apps": { "signer": { "ExpiresAt": "2027-12-31" } } """, ":Apps:signer:ExpiresAt", "as in 2027-01-31T00:00:00Z")]
    [InlineData(""" "Apps": { "signer": {} }, "SignatureMethods": [] """, ":SignatureMethods", "is empty")]
    [InlineData(""" "Apps": { "signer": {} }, "SignatureMethods": [ "HmacMD5" ] """, ":SignatureMethods:0", "HmacSHA256, HmacSHA1")]
    [InlineData(""" "Apps": { "coder": {}, "off": {} }, "AppCode": "Disabled" """, ":AppCode", "none of the apps has an AppKey")]
    [InlineData(""" "Auth": "None", "Apps": { "signer": {} } """, ":Apps", "for Auth App only")]
    [InlineData(""" "Auth": "None", "AppCode": "Header" """, ":AppCode", "for Auth App only")]
    [InlineData(""" "Auth": "None", "SignatureMethods": [ "HmacSHA256" ] """, ":SignatureMethods", "for Auth App only")]
    [InlineData(""" "Auth": "None", "RequireNonce": false """, ":RequireNonce", "write null over it")]
    [InlineData(""" "Auth": "None", "StrictSignature": true """, ":StrictSignature", "for Auth App only")]
    [InlineData(""" "Auth": "None", "Policies": { "IpAccess": "ofice" } """, ":Policies:IpAccess", "'ofice' is not a policy of type IpAccess. Did you mean 'office'?")]
    [InlineData(""" "Auth": "None", "Policies": { "IpAccess": "elsewhere" } """, ":Policies:IpAccess", "Add it to Gateway:Policies, or write one of office, guests, partners")]
    [InlineData(""" "Auth": "None", "Policies": { "Throttling": "office" } """, ":Policies:Throttling", "'office' is a policy of type IpAccess. Write it at IpAccess")]
    [InlineData(""" "Auth": "None", "Policies": { "Throttling": [ "plain", "page" ] } """, ":Policies:Throttling:1", "Write it at Cors")]
    [InlineData(""" "Auth": "None", "Policies": { "Throttling": [ "plain", "Plain" ] } """, ":Policies:Throttling:1", "twice")]
    [InlineData(""" "Auth": "None", "Policies": { "Throttling": {} } """, ":Policies:Throttling", "a single value or a list")]
    [InlineData(""" "Auth": "None", "Policies": { "Throttling": null, "Throtling": "plain" } """, ":Policies:Throtling", "Did you mean 'Throttling'?")]
    [InlineData(""" "Auth": "None", "Policies": { "Throttling": "per-app" } """, ":Policies:Throttling", "'per-app' limits apps (PerApp), and this API lets anybody call")]
    [InlineData(""" "Auth": "None", "Policies": { "Throttling": [ "plain", "Special" ] } """, ":Policies:Throttling:1", "'special' limits apps (Apps)")]
    [InlineData(""" "Auth": "None", "Policies": { "Throttling": "by-path" } """, ":Policies:Throttling", "counts by [tenant], which is not in the path '/a'")]
    [InlineData(""" "Auth": "None", "Policies": { "IpAccess": "partners" } """, ":Policies:IpAccess", "'partners' has addresses of apps (Apps)")]
    [InlineData(""" "Auth": "None", "SystemParameters": { "CaClintIp": { "Header": "X-A" } } """, ":SystemParameters:CaClintIp", "Did you mean 'CaClientIp'?")]
    [InlineData(""" "Auth": "None", "SystemParameters": { "0": { "Header": "X-A" } } """, ":SystemParameters:0", "'0' is not a value that the gateway has")]
    [InlineData(""" "Auth": "None", "SystemParameters": { "CaStage": {} } """, ":SystemParameters:CaStage", "goes nowhere")]
    [InlineData(""" "Auth": "None", "SystemParameters": { "CaStage": { "Header": "X-A", "Query": "a" } } """, ":SystemParameters:CaStage", "both Header and Query")]
    [InlineData(""" "Auth": "None", "SystemParameters": { "CaStage": { "Header": "X A" } } """, ":SystemParameters:CaStage:Header", "not the name of a header")]
    [InlineData(""" "Auth": "None", "SystemParameters": { "CaStage": { "Query": "" } } """, ":SystemParameters:CaStage:Query", "not the name of a query parameter")]
    [InlineData(""" "Auth": "None", "SystemParameters": { "CaStage": { "Header": "X-A" }, "CaProxy": { "Header": "x-a" } } """, ":SystemParameters:CaProxy:Header", "holds CaStage already")]
    [InlineData(""" "Auth": "None", "SystemParameters": { "CaStage": { "Query": "a" }, "CaProxy": { "Query": "a" } } """, ":SystemParameters:CaProxy:Query", "holds CaStage already")]
    public void Api_Mistake_IsAProblem(string api, string path, string message)
    {
        var problem = Loading.LoadOneProblem(With(api));

        Assert.Equal("Gateway:Groups:g:Apis:x" + path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host")]
    [InlineData("content-length")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Connection")]
    [InlineData("Authorization")]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Forwarded-Client")]
    [InlineData("X_Forwarded_For")]
    [InlineData("X-Ca-Api-Gateway")]
    [InlineData("X-Ca-Proxy-Signature")]
    [InlineData("X-Fc-Request-Id")]
    [InlineData("traceparent")]
    public void SystemParameter_HeaderOfTheGateway_IsAProblem(string header)
        => Assert.Contains(
            "Use a name of your own",
            Loading.LoadOneProblem(With($$""" "Auth": "None", "SystemParameters": { "CaClientIp": { "Header": "{{header}}" } } """)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(""" "Enabled": false """)]
    [InlineData(""" "Apps": { "signer": { "Enabled": false } } """)]
    [InlineData(""" "Apps": { "off": {} } """)]
    [InlineData(""" "Apps": { "signer": { "ExpiresAt": "2001-01-01T00:00Z" } } """)]
    [InlineData(""" "Apps": { "SIGNER": {}, "coder": {} }, "AppCode": "Disabled" """)]
    [InlineData(""" "Auth": "None", "Apps": null, "AppCode": null """)]
    [InlineData(""" "Auth": "None", "Policies": { "Throttling": [], "IpAccess": "OFFICE", "Cors": "Page" } """)]
    [InlineData(""" "Auth": "None", "SystemParameters": { "caclientip": { "Header": "CaClientIp" }, "CaStage": { "Query": "a" }, "CaProxy": { "Query": "A" } } """)]
    public void Api_Valid_IsTaken(string api) => Loading.LoadValid(With(api));

    /// <summary>The last grant or the last app withdrawn must lock out at once; refusing the reload would leave a leaked key in force.</summary>
    [Fact]
    public void Api_EveryCallerWithdrawn_IsNoProblem()
        => Loading.LoadValid(With(""" "AppCode": "Disabled", "Apps": { "signer": { "Enabled": false } } """).Replace("\"AppSecret\": \"s\"", "\"AppSecret\": \"s\", \"Enabled\": false", StringComparison.Ordinal));

    [Fact]
    public void Api_AppThatGetsItsKeysInDevelopment_CanSign()
        => Loading.LoadValid(
            With(""" "AppCode": "Disabled", "Apps": { "made": {} } """).Replace("\"signer\": { \"AppKey\"", "\"made\": {}, \"signer\": { \"AppKey\"", StringComparison.Ordinal),
            static source => source with { Environment = "Development" });

    [Theory]
    [InlineData(""" "IpAccess": "ofice" """, ":IpAccess", "Did you mean 'office'?")]
    [InlineData(""" "Throttling": [ "plain", "plian" ] """, ":Throttling:1", "Did you mean 'plain'?")]
    [InlineData(""" "Cors": "plain" """, ":Cors", "Write it at Throttling")]
    public void Group_PolicyThatIsNone_IsAProblem(string policies, string path, string message)
    {
        var problem = Loading.LoadOneProblem(With(""" "Auth": "None" """, policies));

        Assert.Equal("Gateway:Groups:g:Policies" + path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    /// <summary>Decision 20: what a group's policy says of apps does not apply to its open APIs, and is no mistake.</summary>
    [Theory]
    [InlineData(""" "Throttling": "per-app" """)]
    [InlineData(""" "Throttling": [ "plain", "special" ] """)]
    [InlineData(""" "IpAccess": "guests" """)]
    public void Group_LimitsOfAppsOverAnOpenApi_AreNoProblem(string policies) => Loading.LoadValid(With(""" "Auth": "None" """, policies));

    [Fact]
    public void Group_AppsAloneOverAnOpenApi_IsAProblem()
    {
        var problem = Loading.LoadOneProblem(With(""" "Auth": "None" """, """ "IpAccess": "partners" """));

        Assert.Equal("Gateway:Groups:g:Apis:x:Auth", problem.Path);
        Assert.Contains("admits apps only, so that nobody could call", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Group_RuleByAPathParameterThatAnApiLacks_IsAProblemOfThatApi()
    {
        var problem = Loading.LoadOneProblem(With(""" "Auth": "None" """, """ "Throttling": "by-path" """));

        Assert.Equal("Gateway:Groups:g:Apis:x:Path", problem.Path);
        Assert.Contains("rule 'tenant' of 'by-path', a throttling policy of the group, counts by [tenant]", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Policy_WithAMistakeOfItsOwn_IsNotReportedAsMissingToo()
    {
        var problem = Loading.LoadOneProblem(With(""" "Auth": "None", "Policies": { "Cors": "broken" } """).Replace(
            "\"Policies\": { \"office\"", "\"Policies\": { \"broken\": { \"Type\": \"Corse\" }, \"office\"", StringComparison.Ordinal));

        Assert.Equal("Gateway:Policies:broken:Type", problem.Path);
    }

    private static string With(string api, string groupPolicies = "") => $$"""
        { "Gateway": {
            "Apps": { "signer": { "AppKey": "1", "AppSecret": "s" }, "coder": { "AppCodes": [ "0123456789" ] }, "off": { "Enabled": false } },
            "Backends": { "b": { "Type": "WebFunction", "Address": "http://b" } },
            "Policies": { "office": { "Type": "IpAccess", "Allow": [ "10.0.0.0/8" ] },
              "guests": { "Type": "IpAccess", "Allow": [ "10.0.0.0/8" ], "Apps": { "signer": { "Allow": [ "192.0.2.7" ] } } },
              "partners": { "Type": "IpAccess", "Apps": { "signer": { "Allow": [ "192.0.2.7" ] } } },
              "plain": { "Type": "Throttling", "Unit": "Minute", "PerApi": 10 },
              "per-app": { "Type": "Throttling", "Unit": "Minute", "PerApi": 10, "PerApp": 1 },
              "special": { "Type": "Throttling", "Unit": "Minute", "Apps": { "signer": 1 } },
              "by-path": { "Type": "Throttling", "Unit": "Minute", "Rules": { "tenant": { "Path": "tenant", "Limit": 1 } } },
              "page": { "Type": "Cors" } },
            "Groups": { "g": { "Policies": { {{groupPolicies}} }, "Apis": { "x": { "Path": "/a", "Backend": "b"{{(api.Length == 0 ? "" : "," + api)}} } } } } } }
        """;
}
