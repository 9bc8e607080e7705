using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Gateway.Configuration;
using Gateway.Hosting;
using Gateway.Policies.Authentication;

namespace Gateway.IntegrationTests;

/// <summary>The demo of the README: its first call, and what it says of the credentials it makes.</summary>
public sealed class DemoTests : IAsyncLifetime
{
    private RunningGateway _gateway = null!;
    private AppOptions _app = null!;
    private string _printed = "";

    public async ValueTask InitializeAsync()
    {
        _gateway = await RunningGateway.StartDemoAsync();
        var configuration = ConfigurationLoader.Load(_gateway.Get<ConfigurationSource>()).Configuration!;
        _app = _gateway.Get<DevelopmentApps>().Complete(configuration).Options.Apps["fcApp"];
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        _gateway.Get<DevelopmentApps>().AnnounceTo(configuration, _gateway.Address.ToString().TrimEnd('/'), output);
        _printed = output.ToString();
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    /// <summary>As in the cloud's documentation, without a blank behind the colon.</summary>
    [Fact]
    public async Task Walkthrough_WithTheAppCode_IsServed()
    {
        var answer = await TestSupport.RawHttp.SendAsync(
            _gateway.Address, $"GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization:APPCODE {_app.AppCodes[0]}\r\n\r\n");

        Assert.Equal(200, answer.Status);
        Assert.Equal("/", (string?)answer.Json["target"]);
        Assert.DoesNotContain(_app.AppCodes[0], answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/private/a")]
    [InlineData("/private-event/a")]
    public async Task PrivateApi_WithoutCredentials_IsRefused(string path)
    {
        using var answer = await _gateway.Client.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("A400MA", answer.Headers.GetValues("X-Ca-Error-Code").Single());
    }

    [Theory]
    [InlineData("/private/a")]
    [InlineData("/private-event/a")]
    public async Task PrivateApi_WithTheAppCodeInTheQuery_IsServedWithoutIt(string path)
    {
        var text = await _gateway.Client.GetStringAsync(new Uri($"{path}?a=1&AppCode={_app.AppCodes[0]}", UriKind.Relative));

        Assert.DoesNotContain(_app.AppCodes[0], text, StringComparison.Ordinal);
    }

    /// <summary>They go to standard output for the developer, never to the log, which is kept and shipped.</summary>
    [Fact]
    public void Credentials_ArePrinted_AndNotLogged()
    {
        Assert.Contains(_app.AppSecret!, _printed, StringComparison.Ordinal);
        Assert.Matches(new Regex($"curl -i http://\\S+/ -H 'Authorization: APPCODE {_app.AppCodes[0]}'"), _printed);
        Assert.DoesNotContain(_gateway.Log.Lines, line => line.Contains(_app.AppSecret!, StringComparison.Ordinal) || line.Contains(_app.AppCodes[0], StringComparison.Ordinal));
    }
}
