using Gateway.Configuration;
using Gateway.Configuration.Validation;

namespace Gateway.Tests.Configuration;

public class ValidationTests
{
    [Theory]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a", "Addresses": [ "http://b" ] }""", ":Address", "both Address and Addresses (appsettings.json:1)")]
    [InlineData("""{ "Type": "WebFunction", "Addresses": [ "http://a", "http://a/" ] }""", ":Addresses:1", "twice")]
    [InlineData("""{ "Type": "WebFunction", "Address": "a.example.com" }""", ":Address", "Write http:// or https://")]
    [InlineData("""{ "Type": "WebFunction", "Address": "ftp://a" }""", ":Address", "Write http:// or https://")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://" }""", ":Address", "is not an address")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a b" }""", ":Address", "without blanks")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a\\b" }""", ":Address", "is not an address")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a:99999" }""", ":Address", "is not an address")]
    [InlineData("""{ "Type": "WebFunction", "Address": "" }""", ":Address", "Write http:// or https://")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a?x=1" }""", ":Address", "Cut it at the ?")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a#x" }""", ":Address", "Cut it at the #")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://me:hunter2@a" }""", ":Address", "before the @")]
    [InlineData("""{ "Type": "WebFunction" }""", ":Address", "only in Development")]
    [InlineData("""{ "Type": "WebFunction", "Addresses": [] }""", ":Address", "only in Development")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a", "Credentials": { "AccessKeyId": "id" } }""", ":Credentials:AccessKeySecret", "Gateway__Backends__x__Credentials__AccessKeySecret")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a", "Credentials": { "AccessKeySecret": "s" } }""", ":Credentials:AccessKeyId", "missing")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a", "Credentials": { "AccessKeyId": "id", "AccessKeySecret": "hunter2\n" } }""", ":Credentials:AccessKeySecret", "line break")]
    [InlineData("""{ "Type": "EventFunction", "Address": "http://a", "Function": "a/b" }""", ":Function", "not a name of the function service")]
    [InlineData("""{ "Type": "EventFunction", "Address": "http://a", "Function": "" }""", ":Function", "not a name of the function service")]
    [InlineData("""{ "Type": "EventFunction", "Address": "http://a", "Qualifier": "ä" }""", ":Qualifier", "not a name of the function service")]
    [InlineData("""{ "Type": "EventFunction", "Address": "http://a", "Invoke": "CustomRuntime", "Function": "f" }""", ":Function", "cannot apply")]
    [InlineData("""{ "Type": "EventFunction", "Address": "http://a", "Invoke": "CustomRuntime", "Qualifier": "q" }""", ":Qualifier", "cannot apply")]
    [InlineData("""{ "Type": "EventFunction", "Address": "http://a", "Invoke": "CustomRuntime", "Credentials": { "AccessKeyId": "i", "AccessKeySecret": "s" } }""", ":Credentials", "cannot apply")]
    [InlineData("""{ "Type": "EventFunction", "Address": "http://a", "PreserveHost": true }""", ":PreserveHost", "applies to WebFunction only")]
    [InlineData("""{ "Type": "EventFuction" }""", ":Type", "Did you mean 'EventFunction'?")]
    [InlineData("""{ "Type": "Mock", "Headers": { "a b": "c" } }""", ":Headers:a b", "not the name of a header")]
    [InlineData("""{ "Type": "Mock", "Headers": { "A": "b\r\nC: d" } }""", ":Headers:A", "line break")]
    [InlineData("""{ "Type": "Mock", "Headers": { "content-length": "1" } }""", ":Headers:content-length", "the server writes it")]
    [InlineData("""{ "Type": "Mock", "StatusCode": 204, "Body": "x" }""", ":Body", "has no body")]
    [InlineData("""{ "Type": "Mock", "StatusCode": 101 }""", ":StatusCode", "from 200 to 599")]
    public void Backend_Mistake_IsAProblem(string backend, string path, string message)
    {
        var problem = Loading.LoadOneProblem($$"""{ "Gateway": { "Backends": { "x": {{backend}} } } }""");

        Assert.Equal("Gateway:Backends:x" + path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hello", "EventFunction")]
    [InlineData("site", "WebFunction")]
    public void Backend_LocalFunctionInDevelopment_NeedsNoAddress(string name, string type)
        => Loading.LoadValid($$"""{ "Gateway": { "Backends": { "{{name}}": { "Type": "{{type}}" } } } }""", static source => source with { Environment = "Development" });

    [Theory]
    [InlineData("helo", "EventFunction", "Did you mean 'hello'?")]
    [InlineData("hello", "WebFunction", "local web function in Function: site")]
    [InlineData("other", "EventFunction", "local event function in Function: hello")]
    public void Backend_UnknownLocalFunction_ListsThoseThereAre(string name, string type, string message)
    {
        var problem = Loading.LoadOneProblem(
            $$"""{ "Gateway": { "Backends": { "{{name}}": { "Type": "{{type}}" } } } }""", static source => source with { Environment = "Development" });

        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "Backend": "event", "Auth": "None" """, ":Path", "missing")]
    [InlineData(""" "Path": "x", "Backend": "event", "Auth": "None" """, ":Path", "must begin with a slash")]
    [InlineData(""" "Path": "/a//b", "Backend": "event", "Auth": "None" """, ":Path", "empty segments")]
    [InlineData(""" "Path": "/[id]/[id]", "Backend": "event", "Auth": "None" """, ":Path", "twice")]
    [InlineData(""" "Path": "/a", "Auth": "None" """, ":Backend", "Write the name of a backend: event, web, down")]
    [InlineData(""" "Path": "/a", "Auth": "None", "Backend": "evnt" """, ":Backend", "Did you mean 'event'?")]
    [InlineData(""" "Path": "/a", "Auth": "None", "Backend": "nothing-near" """, ":Backend", "write one of event, web, down")]
    [InlineData(""" "Path": "/a", "Backend": "event", "Auth": "Nne" """, ":Auth", "Did you mean 'None'?")]
    [InlineData(""" "Path": "/a", "Backend": "event", "Auth": "None", "Methods": [] """, ":Methods", "empty")]
    [InlineData(""" "Path": "/a", "Backend": "event", "Auth": "None", "Methods": [ "get" ] """, ":Methods:0", "Write GET")]
    [InlineData(""" "Path": "/a", "Backend": "event", "Auth": "None", "Methods": [ "any" ] """, ":Methods:0", "Write ANY")]
    [InlineData(""" "Path": "/a", "Backend": "event", "Auth": "None", "Methods": [ "G T" ] """, ":Methods:0", "not an HTTP method")]
    [InlineData(""" "Path": "/a", "Backend": "event", "Auth": "None", "Methods": [ "TRACE" ] """, ":Methods:0", "never forwarded")]
    [InlineData(""" "Path": "/a", "Backend": "event", "Auth": "None", "Methods": [ "connect" ] """, ":Methods:0", "never forwarded")]
    [InlineData(""" "Path": "/a", "Backend": "event", "Auth": "None", "Methods": [ "GET", "ANY" ] """, ":Methods", "either ANY or")]
    [InlineData(""" "Path": "/a", "Backend": "event", "Auth": "None", "Methods": [ "GET", "GET" ] """, ":Methods:1", "twice")]
    [InlineData(""" "Path": "/a", "Backend": "event", "Auth": "None", "Protocols": [] """, ":Protocols", "empty")]
    [InlineData(""" "Path": "/a", "Backend": "event", "Auth": "None", "BackendPath": "/b" """, ":BackendPath", "web functions only")]
    [InlineData(""" "Path": "/a", "Backend": "event", "Auth": "None", "BackendMethod": "GET" """, ":BackendMethod", "web functions only")]
    [InlineData(""" "Path": "/a", "Backend": "event", "Auth": "None", "MaxRequestBody": "65MB" """, ":MaxRequestBody", "64MB or less")]
    [InlineData(""" "Path": "/a", "Backend": "web", "Auth": "None", "ResponseContentType": "text/html" """, ":ResponseContentType", "event functions only")]
    [InlineData(""" "Path": "/a", "Backend": "web", "Auth": "None", "BackendPath": "/[id]" """, ":BackendPath", "Use its names: none")]
    [InlineData(""" "Path": "/[id]", "Backend": "web", "Auth": "None", "BackendPath": "/[Id]" """, ":BackendPath", "Use its names: id")]
    [InlineData(""" "Path": "/a", "Backend": "web", "Auth": "None", "BackendPath": "/*" """, ":BackendPath", "ends in *")]
    [InlineData(""" "Path": "/a", "Backend": "web", "Auth": "None", "BackendPath": "b" """, ":BackendPath", "must begin with a slash")]
    [InlineData(""" "Path": "/a", "Backend": "web", "Auth": "None", "BackendMethod": "post" """, ":BackendMethod", "Write POST")]
    [InlineData(""" "Path": "/a", "Backend": "web", "Auth": "None", "BackendMethod": "ANY" """, ":BackendMethod", "not a method that can be sent")]
    [InlineData(""" "Path": "/a", "Backend": "event", "Auth": "None", "ResponseContentType": "html" """, ":ResponseContentType", "not a media type")]
    [InlineData(""" "Path": "/a", "Backend": "event", "Auth": "None", "ResponseContentType": "*/*" """, ":ResponseContentType", "not a media type")]
    [InlineData(""" "Path": "/a", "Backend": "event", "Auth": "None", "ForceResponseContentType": true """, ":ForceResponseContentType", "no ResponseContentType")]
    public void Api_Mistake_IsAProblem(string api, string path, string message)
    {
        var problem = Loading.LoadOneProblem(WithApis($$"""{ "x": { {{api}} } }"""));

        Assert.Equal("Gateway:Groups:g:Apis:x" + path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Api_Disabled_MayKeepItsAuth()
        => Loading.LoadValid(WithApis("""{ "x": { "Enabled": false, "Path": "/a", "Backend": "event" } }"""));

    [Fact]
    public void Api_FixedAnswerInPlaceOfAFunction_KeepsItsKeys()
        => Loading.LoadValid(WithApis("""{ "x": { "Path": "/a/*", "Backend": "down", "Auth": "None", "BackendPath": "/*" } }"""));

    [Theory]
    [InlineData("a b")]
    [InlineData("-a")]
    [InlineData("a__b")]
    [InlineData("ä")]
    [InlineData("a/b")]
    public void Name_Invalid_IsAProblemWhereverItStands(string name)
    {
        var result = Loading.Load($$"""
            {
              "Gateway": {
                "Backends": { "{{name}}": { "Type": "Mock" } },
                "Groups": { "{{name}}": { "Apis": { "{{name}}": { "Path": "/", "Backend": "{{name}}", "Auth": "None" } } } }
              }
            }
            """);

        Assert.Equal(3, result.Problems.Count);
        Assert.All(result.Problems, static problem => Assert.Contains("is not a name", problem.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(""" "BasePath": "shop" """, "BasePath", "must begin with a slash")]
    [InlineData(""" "BasePath": "/shop/" """, "BasePath", "trailing slash")]
    [InlineData(""" "BasePath": "/shop/*" """, "BasePath", "Take the * out")]
    [InlineData(""" "Hosts": [ "*" ] """, "Hosts:0", "Leave Hosts empty")]
    [InlineData(""" "Hosts": [ "a.com:80" ] """, "Hosts:0", "has a port")]
    [InlineData(""" "Hosts": [ "http://a.com" ] """, "Hosts:0", "is a URL")]
    [InlineData(""" "Hosts": [ "a.*.com" ] """, "Hosts:0", "wrong place")]
    [InlineData(""" "Hosts": [ "a.com." ] """, "Hosts:0", "without a dot")]
    [InlineData(""" "Hosts": [ "münchen.de" ] """, "Hosts:0", "xn--")]
    [InlineData(""" "Hosts": [ "" ] """, "Hosts:0", "is not a host")]
    [InlineData(""" "Hosts": [ "-a.com" ] """, "Hosts:0", "is not a host")]
    [InlineData(""" "Hosts": [ "a.com", "A.com" ] """, "Hosts:1", "twice")]
    public void Group_Mistake_IsAProblem(string group, string path, string message)
    {
        var problem = Loading.LoadOneProblem($$"""{ "Gateway": { "Groups": { "g": { {{group}} } } } }""");

        Assert.Equal("Gateway:Groups:g:" + path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Group_ValidHosts_AreTaken()
        => Loading.LoadValid("""{ "Gateway": { "Groups": { "g": { "Hosts": [ "localhost", "API.example.com", "*.example.com", "10.0.0.1", "[::1]", "xn--mnchen-3ya.de" ] } } } }""");

    [Fact]
    public void Api_NameOfTheBasePathAgain_IsAProblem()
    {
        var problem = Loading.LoadOneProblem("""
            { "Gateway": { "Backends": { "b": { "Type": "Mock" } },
              "Groups": { "g": { "BasePath": "/[id]", "Apis": { "x": { "Path": "/[id]", "Backend": "b", "Auth": "None" } } } } } }
            """);

        Assert.Contains("'/[id]/[id]'", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/a", "GET", "/a", "GET", true)]
    [InlineData("/a", "GET", "/a", "POST", false)]
    [InlineData("/a", "GET", "/a", "ANY", false)]
    [InlineData("/a", "ANY", "/a", "ANY", true)]
    [InlineData("/[x]", "GET", "/[y]", "GET", true)]
    [InlineData("/[x]", "GET", "/x", "GET", false)]
    [InlineData("/[x]", "GET", "/*", "GET", false)]
    [InlineData("/a/*", "GET", "/a/*", "GET", true)]
    [InlineData("/%61", "GET", "/a", "GET", true)]
    [InlineData("/a", "GET", "/A", "GET", false)]
    public void Api_EqualShapeAndMethod_NamesBothPlaces(string path, string method, string otherPath, string otherMethod, bool conflict)
    {
        var result = Loading.Load(WithApis($$"""
            {
              "one": { "Path": "{{path}}", "Methods": [ "{{method}}" ], "Backend": "event", "Auth": "None" },
              "two": { "Path": "{{otherPath}}", "Methods": [ "{{otherMethod}}" ], "Backend": "event", "Auth": "None" }
            }
            """));

        Assert.Equal(conflict ? 1 : 0, result.Problems.Count);
        if (conflict)
        {
            Assert.Equal("Gateway:Groups:g:Apis:two", result.Problems[0].Path);
            Assert.Contains("Gateway:Groups:g:Apis:one (appsettings.json:7)", result.Problems[0].Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("\"a.com\"", "", false)]
    [InlineData("\"a.com\"", "\"b.com\"", false)]
    [InlineData("\"a.com\"", "\"A.COM\"", true)]
    [InlineData("\"*.a.com\"", "\"b.a.com\"", true)]
    [InlineData("\"*.a.com\"", "\"a.com\"", false)]
    [InlineData("\"*.a.com\"", "\"*.b.a.com\"", true)]
    [InlineData("\"*.a.com\"", "\"ba.com\"", false)]
    public void Api_SamePathInTwoGroups_ConflictsWhereAHostFitsBoth(string hosts, string otherHosts, bool conflict)
    {
        const string apis = """{ "x": { "Path": "/", "Backend": "b", "Auth": "None" } }""";
        var result = Loading.Load($$"""
            { "Gateway": { "Backends": { "b": { "Type": "Mock" } }, "Groups": {
              "g": { "Hosts": [ {{hosts}} ], "Apis": {{apis}} },
              "h": { "Hosts": [ {{otherHosts}} ], "Apis": {{apis}} } } } }
            """);

        Assert.Equal(conflict ? 1 : 0, result.Problems.Count);
    }

    [Fact]
    public void Api_DisabledTwin_DoesNotConflict()
        => Loading.LoadValid(WithApis("""
            { "one": { "Path": "/a", "Backend": "event", "Auth": "None" }, "two": { "Path": "/a", "Backend": "web", "Auth": "None", "Enabled": false } }
            """));

    [Theory]
    [InlineData("/", "/a", "/a")]
    [InlineData("/shop", "/a", "/shop/a")]
    [InlineData("/shop", "/", "/shop")]
    [InlineData("/shop", "/*", "/shop/*")]
    [InlineData("/", "/", "/")]
    public void ApiPath_Joined_HasNoEmptySegment(string basePath, string path, string joined) => Assert.Equal(joined, ApiPath.Join(basePath, path));

    [Theory]
    [InlineData("0.0.0.0/0", "believe everybody")]
    [InlineData("::/0", "believe everybody")]
    [InlineData("10.0.0.0/0", "believe everybody")]
    [InlineData("::ffff:0.0.0.0/96", "believe everybody")]
    [InlineData("10.1.2.3/8", "Write 10.0.0.0/8 or 10.1.2.3")]
    [InlineData("10.0.0.0/33", "from 0 to 32")]
    [InlineData("10.0.0.0/-1", "from 0 to 32")]
    [InlineData("10.0.0.0/", "from 0 to 32")]
    [InlineData("10.0.0.0/08", "from 0 to 32")]
    [InlineData("2001:db8::/129", "from 0 to 128")]
    [InlineData("10.1", "neither an address nor a network")]
    [InlineData("proxy.internal", "neither an address nor a network")]
    [InlineData("fe80::1%eth0", "neither an address nor a network")]
    [InlineData("", "neither an address nor a network")]
    public void TrustedProxy_Mistake_IsAProblem(string proxy, string message)
        => Assert.Contains(
            message, Loading.LoadOneProblem($$"""{ "Gateway": { "TrustedProxies": [ "{{proxy}}" ] } }""").Message, StringComparison.Ordinal);

    [Fact]
    public void TrustedProxy_ValidOnes_AreTaken()
        => Loading.LoadValid("""{ "Gateway": { "TrustedProxies": [ "10.1.2.3", "10.0.0.0/8", "2001:db8::/32", "::1", "192.168.1.4/31" ] } }""");

    [Theory]
    [InlineData("D503T0", 500, "Did you mean 'D503TO'?")]
    [InlineData("D503TO", 399, "from 400 to 599")]
    [InlineData("D503TO", 600, "from 400 to 599")]
    public void ErrorStatus_Mistake_IsAProblem(string code, int status, string message)
        => Assert.Contains(
            message, Loading.LoadOneProblem($$"""{ "Gateway": { "Errors": { "Status": { "{{code}}": {{status}} } } } }""").Message, StringComparison.Ordinal);

    [Fact]
    public void HostPattern_ValidPatterns_AreNotRefused() => Assert.Null(HostPattern.Refuse("*.a-b.example.com"));

    private static string WithApis(string apis) => $$"""
        { "Gateway": {
            "Backends": {
              "event": { "Type": "EventFunction", "Address": "http://a" },
              "web": { "Type": "WebFunction", "Address": "http://b" },
              "down": { "Type": "Mock" } },
            "Groups": { "g": { "Apis": {{apis}} } } } }
        """;
}
