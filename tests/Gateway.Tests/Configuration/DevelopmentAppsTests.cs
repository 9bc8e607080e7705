using System.Text.RegularExpressions;
using Gateway.Hosting;

namespace Gateway.Tests.Configuration;

public class DevelopmentAppsTests
{
    private const string Empty = """
        {
          "Gateway": {
            "Apps": { "fcApp": {}, "off": { "Enabled": false }, "half": { "AppCodes": [ "configured-0123" ] } },
            "Backends": { "down": { "Type": "Mock" } },
            "Groups": {
              "g": {
                "Apis": {
                  "codes": { "Path": "/codes/[id]", "Backend": "down", "Auth": "App", "Apps": { "fcApp": {}, "half": {} } },
                  "signed": { "Path": "/signed", "Methods": [ "GET" ], "Backend": "down", "Auth": "App", "AppCode": "Disabled", "Apps": { "fcApp": {} } }
                }
              }
            }
          }
        }
        """;

    [Fact]
    public void App_WithoutCredentials_GetsSome()
    {
        var app = new DevelopmentApps().Complete(Load()).Options.Apps["FCAPP"];

        Assert.Matches("^[1-9][0-9]{8}$", app.AppKey);
        Assert.Matches("^[0-9a-f]{32}$", app.AppSecret);
        Assert.Matches("^[0-9a-f]{32}$", Assert.Single(app.AppCodes));
        Assert.NotEqual(app.AppSecret, app.AppCodes[0]);
    }

    [Fact]
    public void App_OfTheSameName_KeepsThemOverReloads()
    {
        var apps = new DevelopmentApps();

        Assert.Equal(apps.Complete(Load()).Options.Apps["fcApp"].AppSecret, apps.Complete(Load()).Options.Apps["fcApp"].AppSecret);
        Assert.NotEqual(apps.Complete(Load()).Options.Apps["fcApp"].AppSecret, new DevelopmentApps().Complete(Load()).Options.Apps["fcApp"].AppSecret);
    }

    [Theory]
    [InlineData("off")]
    [InlineData("half")]
    public void App_ThatIsOffOrHasAnyOfItsOwn_StaysAsItIs(string name)
    {
        var configuration = Load();

        Assert.Same(configuration.Options.Apps[name], new DevelopmentApps().Complete(configuration).Options.Apps[name]);
    }

    /// <summary>No other stage has a default credential.</summary>
    [Theory]
    [InlineData("Production")]
    [InlineData("Test")]
    [InlineData("Pre")]
    public void App_OfAnotherStage_GetsNone(string environment)
    {
        var configuration = Load() with { Environment = environment };

        Assert.Same(configuration, new DevelopmentApps().Complete(configuration));
    }

    [Fact]
    public void Credentials_ArePrintedOnce_WithLinesToPaste()
    {
        var apps = new DevelopmentApps();
        var configuration = Load();
        var app = apps.Complete(configuration).Options.Apps["fcApp"];
        using var output = new StringWriter();

        apps.AnnounceTo(configuration, "http://localhost:8080", output);
        apps.Announce(configuration);

        var text = output.ToString();
        Assert.Contains($"\n  curl -i http://localhost:8080/codes/id -H 'Authorization: APPCODE {app.AppCodes[0]}'\n", text, StringComparison.Ordinal);
        Assert.Contains($"-- sign --key {app.AppKey} --secret {app.AppSecret} --curl http://localhost:8080/signed | sh\n", text, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(text, "App fcApp"));
        Assert.DoesNotContain("configured-0123", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_OfAnAppThatAReloadBrings_ArePrintedThen()
    {
        var apps = new DevelopmentApps();
        using var output = new StringWriter();
        apps.AnnounceTo(apps.Complete(Load("""{ "Gateway": { "Backends": {}, "Groups": {} } }""")), "http://localhost:8080", output);
        Assert.Empty(output.ToString());

        apps.Complete(Load());
        apps.Announce(Load());

        Assert.Contains("App fcApp", output.ToString(), StringComparison.Ordinal);
    }

    private static Gateway.Configuration.GatewayConfiguration Load(string appsettings = Empty)
        => Loading.LoadValid(appsettings, static source => source with { Environment = "Development" });
}
