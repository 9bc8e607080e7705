using Gateway.Configuration;
using Gateway.Configuration.Binding;

namespace Gateway.Tests.Configuration;

/// <summary>Rules for <c>Gateway:Apps</c>. Every secret in these texts holds <c>hunter2</c>, and no message may.</summary>
public class AppValidationTests
{
    [Theory]
    [InlineData(""" "AppKey": "1" """, ":AppSecret", "Gateway__Apps__x__AppSecret")]
    [InlineData(""" "AppSecret": "hunter2" """, ":AppKey", "belongs to an AppKey")]
    [InlineData(""" "AppKey": "", "AppSecret": "hunter2" """, ":AppKey", "1 to 64 ASCII characters")]
    [InlineData(""" "AppKey": "a b", "AppSecret": "hunter2" """, ":AppKey", "'a b' is not an AppKey")]
    [InlineData(""" "AppKey": "ä", "AppSecret": "hunter2" """, ":AppKey", "is not an AppKey")]
    [InlineData(""" "AppKey": "12345678901234567890123456789012345678901234567890123456789012345", "AppSecret": "hunter2" """, ":AppKey", "is not an AppKey")]
    [InlineData(""" "AppKey": "1", "AppSecret": "" """, ":AppSecret", "is empty")]
    [InlineData(""" "AppKey": "1", "AppSecret": "hunter2\n" """, ":AppSecret", "line break")]
    [InlineData(""" "AppKey": "1", "AppSecret": " hunter2" """, ":AppSecret", "begins or ends with a blank")]
    [InlineData(""" "AppKey": "1", "AppSecret": { "hunter2": 1 } """, ":AppSecret", "a single value")]
    [InlineData(""" "AppKey": "1", "AppSecret": "hunter2", "PreviousAppSecret": "hunter22" """, ":PreviousUntil", "when the previous secret ends")]
    [InlineData(""" "AppKey": "1", "AppSecret": "hunter2", "PreviousUntil": "2027-01-31T00:00:00Z" """, ":PreviousAppSecret", "take PreviousUntil out")]
    [InlineData(""" "AppKey": "1", "AppSecret": "hunter2", "PreviousAppSecret": "hunter2", "PreviousUntil": "2027-01-31T00:00:00Z" """, ":PreviousAppSecret", "is the present one")]
    [InlineData(""" "AppCodes": [ "hunter2hunter2" ], "PreviousAppSecret": "hunter2", "PreviousUntil": "2027-01-31T00:00:00Z" """, ":PreviousAppSecret", "no AppSecret")]
    [InlineData(""" "AppKey": "1", "AppSecret": "hunter2", "PreviousAppSecret": "hunter22", "PreviousUntil": "2027-01-31" """, ":PreviousUntil", "as in 2027-01-31T00:00:00Z")]
    [InlineData(""" "AppCodes": [ "hunter2,hunter2" ] """, ":AppCodes:0", "a comma")]
    [InlineData(""" "AppCodes": [ "hunter2 hunter2" ] """, ":AppCodes:0", "a blank")]
    [InlineData(""" "AppCodes": [ "hunter2ä" ] """, ":AppCodes:0", "beyond ASCII")]
    [InlineData(""" "AppCodes": [ "hunter2" ] """, ":AppCodes:0", "8 characters or more")]
    [InlineData(""" "AppCodes": [ "" ] """, ":AppCodes:0", "is empty")]
    [InlineData(""" "AppCodes": [ "hunter2hunter2", "hunter2hunter2" ] """, ":AppCodes:1", "also given at Gateway:Apps:x:AppCodes:0")]
    [InlineData(""" "AppCodes": "hunter2hunter2" """, ":AppCodes", "a list, [")]
    [InlineData(""" "AppCode": "hunter2hunter2" """, ":AppCode", "Did you mean 'AppCodes'?")]
    [InlineData(""" "AppKey": "1", "AppSecret": "hunter2", "AppId": "a\nb" """, ":AppId", "is not an id")]
    [InlineData(""" "AppKey": "1", "AppSecret": "hunter2", "AppId": "" """, ":AppId", "is not an id")]
    [InlineData("", "", "Gateway__Apps__x__AppCodes__0")]
    [InlineData(""" "AppCodes": [] """, "", "no credential")]
    [InlineData(""" "AppKey": null, "AppSecret": null """, "", "no credential")]
    public void App_Mistake_IsAProblem(string app, string path, string message)
    {
        var problem = Loading.LoadOneProblem($$"""{ "Gateway": { "Apps": { "x": { {{app}} } } } }""");

        Assert.Equal("Gateway:Apps:x" + path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"hunter2\"")]
    [InlineData("[ \"hunter2\" ]")]
    public void App_SecretInThePlaceOfTheApp_IsNotShown(string value)
    {
        Assert.DoesNotContain("hunter2", Loading.LoadOneProblem($$"""{ "Gateway": { "Apps": { "x": {{value}} } } }""").Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", Loading.LoadOneProblem($$"""{ "Gateway": { "Apps": {{value}} } }""").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "AppCodes": [ "short" ] }""")]
    public void App_InDevelopment_MayBeWeakOrHaveNothing(string app)
        => Loading.LoadValid($$"""{ "Gateway": { "Apps": { "x": {{app}} } } }""", static source => source with { Environment = "Development" });

    [Fact]
    public void App_Disabled_NeedsNoCredential() => Loading.LoadValid("""{ "Gateway": { "Apps": { "x": { "Enabled": false } } } }""");

    [Fact]
    public void App_KeyOfADisabledOne_IsTakenAllTheSame()
    {
        var problem = Loading.LoadOneProblem("""
            { "Gateway": { "Apps": {
              "a": { "AppKey": "1", "AppSecret": "hunter2", "Enabled": false },
              "b": { "AppKey": "1", "AppSecret": "hunter2" } } } }
            """);

        Assert.Equal("Gateway:Apps:b:AppKey", problem.Path);
        Assert.Equal("the AppKey is also given at Gateway:Apps:a:AppKey (appsettings.json:2), and it must tell who calls. Give each app its own.", problem.Message);
    }

    [Fact]
    public void App_KeysThatDifferInCase_AreTwo()
        => Loading.LoadValid("""{ "Gateway": { "Apps": { "a": { "AppKey": "k", "AppSecret": "s" }, "b": { "AppKey": "K", "AppSecret": "s", "AppId": "a" } } } }""");

    [Fact]
    public void App_CodeOfAnotherApp_NamesBothPlacesAndNotTheCode()
    {
        var problem = Loading.LoadOneProblem("""{ "Gateway": { "Apps": { "a": { "AppCodes": [ "hunter2hunter2" ] }, "b": { "AppCodes": [ "hunter2hunter2" ] } } } }""");

        Assert.Equal("Gateway:Apps:b:AppCodes:0", problem.Path);
        Assert.Contains("Gateway:Apps:a:AppCodes:0", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void App_SecretsFromVariablesAndFiles_ComeTogether()
    {
        using var folder = new ConfigurationFolder("""{ "Gateway": { "Apps": { "FcApp": { "AppKey": "60022326" } } } }""");
        folder.WriteSecret("Gateway__Apps__FcApp__AppSecret", "from a file\n");
        var source = folder.Source with { EnvironmentVariables = new Dictionary<string, string> { ["GATEWAY__APPS__FCAPP__APPCODES__0"] = "0123456789abcdef" } };

        var app = Assert.Single(ConfigurationLoader.Load(source).Configuration!.Options.Apps);

        Assert.Equal(("FcApp", "from a file", "0123456789abcdef"), (app.Key, app.Value.AppSecret, Assert.Single(app.Value.AppCodes)));
    }

    [Theory]
    [InlineData("Gateway:Apps:a:AppSecret", true)]
    [InlineData("Gateway:Apps:a:PreviousAppSecret", true)]
    [InlineData("Gateway:Apps:a:AppCodes:0", true)]
    [InlineData("GATEWAY:APPS:a:APPCODES:0", true)]
    [InlineData("Gateway:Apps:a:Secrt", true)]
    [InlineData("Gateway:Apps:a", true)]
    [InlineData("Gateway:Apps", true)]
    [InlineData("Gateway:Apps:a:AppKey", false)]
    [InlineData("Gateway:Apps:a:Enabled", false)]
    [InlineData("Gateway:Apps:a:PreviousUntil", false)]
    [InlineData("Gateway:Groups:g:Apis:x:AppCode", false)]
    [InlineData("Gateway:Groups:appcode-demo:BasePath", false)]
    [InlineData("Gateway:Groups:g:Apis:x:AppCodes", true)]
    [InlineData("Gateway:Groups:g:Apis:x:Apps:a:ExpiresAt", false)]
    [InlineData("Gateway:AppCode", true)]
    [InlineData("Gateway:Backends:b:ProxySignature:Secret", true)]
    [InlineData("Gateway:Backends:b:Credentials:SecurityToken", true)]
    [InlineData("Kestrel:Certificates:Default:Password", true)]
    [InlineData("Gateway:LocalFunctions:f:Environment:API_KEY", true)]
    [InlineData("Gateway:LocalFunctions:f:Command", false)]
    [InlineData("gateway:localfunctions:f:environment:DATABASE", true)]
    public void SecretKeys_Path_SaysWhatIsSecret(string path, bool secret) => Assert.Equal(secret, SecretKeys.IsSecret(path));

    [Fact]
    public void SecretKeys_AppCodeOfAnApi_IsShownWithItsMistake()
        => Assert.Contains("'Heade' is not one of Disabled, Header, HeaderOrQuery. Did you mean 'Header'?", Loading.LoadOneProblem("""
            { "Gateway": { "Apps": { "a": { "AppCodes": [ "0123456789" ] } }, "Backends": { "b": { "Type": "Mock" } },
              "Groups": { "g": { "Apis": { "x": { "Path": "/", "Backend": "b", "AppCode": "Heade", "Apps": { "a": {} } } } } } } }
            """).Message, StringComparison.Ordinal);
}
