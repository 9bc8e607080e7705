namespace Gateway.Tests.Configuration;

/// <summary>Rules for <c>Gateway:Policies</c>.</summary>
public class PolicyValidationTests
{
    [Fact]
    public void Policies_ValidOnes_AreTaken() => Loading.LoadValid(Loading.ValidPolicies);

    [Theory]
    [InlineData(""" "Allow": [ "10.0.0.0/8", "10.0.0.0.1" ] """, ":Allow:1")]
    [InlineData(""" "Deny": [ "somewhere" ] """, ":Deny:0")]
    [InlineData(""" "Apps": { "a": { "Allow": [ "300.1.1.1" ] } } """, ":Apps:a:Allow:0")]
    public void IpAccess_EntryThatIsNoAddress_IsAProblem(string policy, string path)
        => Assert.Equal("Gateway:Policies:x" + path, LoadOneProblem("IpAccess", policy).Path);

    [Theory]
    [InlineData("IpAccess", """ "Apps": { "a": {} } """, ":Apps:a:Allow", "no addresses")]
    [InlineData("IpAccess", """ "Apps": { "fcAp": { "Allow": [ "10.0.0.1" ] } } """, ":Apps:fcAp", "Did you mean 'fcApp'?")]
    [InlineData("IpAccess", """ "Alow": [ "10.0.0.1" ] """, ":Alow", "Did you mean 'Allow'?")]
    [InlineData("IpAccess", """ "PerApi": 1 """, ":PerApi", "applies to Throttling only, and this is of type IpAccess")]
    [InlineData("Throttling", """ "PerApi": 1 """, ":Unit", "Second, Minute, Hour, Day")]
    [InlineData("Throttling", """ "Unit": "Minute" """, "", "limits nothing")]
    [InlineData("Throttling", """ "Unit": "Week", "PerApi": 1 """, ":Unit", "not one of Second")]
    [InlineData("Throttling", """ "Unit": "Minute", "PerApi": 10, "PerApp": 11 """, ":PerApp", "Write 10 or less, or raise PerApi")]
    [InlineData("Throttling", """ "Unit": "Minute", "PerApi": 10, "PerIp": 11 """, ":PerIp", "can never be reached")]
    [InlineData("Throttling", """ "Unit": "Minute", "PerApi": 10, "Apps": { "a": 11 } """, ":Apps:a", "can never be reached")]
    [InlineData("Throttling", """ "Unit": "Minute", "Apps": { "b": 1 } """, ":Apps:b", "'b' is not an app")]
    [InlineData("Throttling", """ "Unit": "Minute", "Rules": { "r": { "Limit": 1 } } """, ":Rules:r", "counts by nothing")]
    [InlineData("Throttling", """ "Unit": "Minute", "Rules": { "r": { "Limit": 1, "Header": "X-A", "Query": "a" } } """, ":Rules:r", "several values")]
    [InlineData("Throttling", """ "Unit": "Minute", "Rules": { "r": { "Header": "X-A" } } """, ":Rules:r:Limit", "the key is missing")]
    [InlineData("Throttling", """ "Unit": "Minute", "Rules": { "r": { "Limit": 1, "Header": "X A" } } """, ":Rules:r:Header", "not the name of a header")]
    [InlineData("Throttling", """ "Unit": "Minute", "Rules": { "r": { "Limit": 1, "Query": "" } } """, ":Rules:r:Query", "is empty")]
    [InlineData("Throttling", """ "Unit": "Minute", "Rules": { "r": { "Limit": 1, "Path": "[a]" } } """, ":Rules:r:Path", "Write name for [name]")]
    [InlineData("Throttling", """ "Unit": "Minute", "Rules": { "a b": { "Limit": 1, "Header": "X-A" } } """, ":Rules:a b", "is not a name")]
    [InlineData("Throttling", """ "Unit": "Minute", "PerApi": 10, "Rules": { "r": { "Limit": 11, "Header": "X-A" } } """, ":Rules:r:Limit", "can never be reached")]
    [InlineData("Cors", """ "AllowOrigins": [] """, ":AllowOrigins", "is empty")]
    [InlineData("Cors", """ "AllowMethods": [] """, ":AllowMethods", "is empty")]
    [InlineData("Cors", """ "AllowMethods": [ "get" ] """, ":AllowMethods:0", "Write GET")]
    [InlineData("Cors", """ "AllowMethods": [ "GET", "*" ] """, ":AllowMethods:1", "'*' is not a method")]
    [InlineData("Cors", """ "AllowMethods": [ "ANY" ] """, ":AllowMethods:0", "'ANY' is not a method")]
    [InlineData("Cors", """ "AllowHeaders": [ "A B" ] """, ":AllowHeaders:0", "not the name of a header")]
    [InlineData("Cors", """ "ExposeHeaders": [ "" ] """, ":ExposeHeaders:0", "not the name of a header")]
    [InlineData("Cors", """ "AllowCredentials": true """, ":AllowCredentials", "Write the origins of your pages")]
    [InlineData("Cors", """ "AllowCredentials": true, "AllowOrigins": [ "https://a.com" ], "ExposeHeaders": [ "*" ] """, ":ExposeHeaders", "take * for the name")]
    [InlineData("Cors", """ "MaxAge": "49h" """, ":MaxAge", "from 0s to 48h")]
    [InlineData("Corse", "", ":Type", "Did you mean 'Cors'?")]
    public void Policy_Mistake_IsAProblem(string type, string policy, string path, string message)
    {
        var problem = LoadOneProblem(type, policy);

        Assert.Equal("Gateway:Policies:x" + path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cors_EntryThatIsNoOrigin_IsAProblem()
        => Assert.Equal("Gateway:Policies:x:AllowOrigins:1", LoadOneProblem("Cors", """ "AllowOrigins": [ "https://a.com", "a.com/" ] """).Path);

    /// <summary>Lesson RL-19: what is no positive whole number is refused, wherever a limit stands.</summary>
    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("1000000001")]
    [InlineData("99999999999999999999")]
    [InlineData("\"many\"")]
    public void Throttling_LimitOutOfRange_IsAProblem(string limit)
    {
        foreach (var key in (string[])["\"PerApi\": #", "\"PerApp\": #", "\"PerIp\": #", "\"Apps\": { \"a\": # }", "\"Rules\": { \"r\": { \"Header\": \"X-A\", \"Limit\": # } }"])
        {
            LoadOneProblem("Throttling", $""" "Unit": "Minute", {key.Replace("#", limit, StringComparison.Ordinal)} """);
        }
    }

    /// <summary>Lesson IP-09: lists are put together by people and tools; an entry twice, or inside another, is no mistake.</summary>
    [Fact]
    public void IpAccess_DuplicatesAndOverlaps_AreTaken()
        => Loading.LoadValid("""{ "Gateway": { "Policies": { "x": { "Type": "IpAccess", "Allow": [ "10.0.0.0/8", "10.0.0.0/8", "10.1.0.0/16" ] } } } }""");

    [Fact]
    public void IpAccess_Empty_IsHowAnApiTakesBackItsGroups()
        => Loading.LoadValid("""{ "Gateway": { "Policies": { "anywhere": { "Type": "IpAccess" } } } }""");

    [Fact]
    public void Rule_OtherUnitThanThePolicys_MayHaveMore()
        => Loading.LoadValid("""{ "Gateway": { "Policies": { "x": { "Type": "Throttling", "Unit": "Second", "PerApi": 10, "Rules": { "r": { "Header": "X-A", "Limit": 1000, "Unit": "Day" } } } } } }""");

    [Theory]
    [InlineData("relative", "the whole path")]
    [InlineData("/there/is/no/such/folder", "there is no folder '/there/is/no/such/folder'")]
    public void Authentication_BodyFolder_MustBeThere(string folder, string message)
        => Assert.Contains(message, Loading.LoadOneProblem($$"""{ "Gateway": { "Authentication": { "BodyFolder": "{{folder}}" } } }""").Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(""" "Authentication": { "TimestampWindow": "25h" } """)]
    [InlineData(""" "Authentication": { "MaxNonces": 999 } """)]
    [InlineData(""" "Authentication": { "FormBody": "17MB" } """)]
    [InlineData(""" "ThrottlingState": { "MaxCounters": 100000001 } """)]
    public void Settings_OutOfRange_AreAProblem(string settings)
        => Assert.Contains("is out of range", Loading.LoadOneProblem($$"""{ "Gateway": { {{settings}} } }""").Message, StringComparison.Ordinal);

    private static Gateway.Configuration.Problem LoadOneProblem(string type, string policy) => Loading.LoadOneProblem($$"""
        { "Gateway": {
            "Apps": { "a": { "AppCodes": [ "0123456789" ] }, "fcApp": { "AppCodes": [ "9876543210" ] } },
            "Policies": { "x": { "Type": "{{type}}"{{(policy.Length == 0 ? "" : "," + policy)}} } } } }
        """);
}
