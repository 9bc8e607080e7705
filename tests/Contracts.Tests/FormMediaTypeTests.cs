namespace Gateway.Contracts.Tests;

public class FormMediaTypeTests
{
    [Theory]
    [InlineData("application/x-www-form-urlencoded", true)]
    [InlineData("Application/X-WWW-Form-Urlencoded", true)]
    [InlineData(" application/x-www-form-urlencoded ;charset=gbk", true)]
    [InlineData("application/x-www-form-urlencoded; charset=UTF-8; a=b", true)]
    [InlineData("application/x-www-form-urlencoded2", false)]
    [InlineData("application/x-www-form-urlencoded, text/plain", false)]
    [InlineData("multipart/form-data; boundary=application/x-www-form-urlencoded", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Is_TellsAFormByItsMediaTypeAlone(string? contentType, bool expected) => Assert.Equal(expected, FormMediaType.Is(contentType));
}
