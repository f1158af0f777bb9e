using Spiffe.Agent.Identity.X509;

namespace Spiffe.Agent.Tests.Unit.Identity;

public class DnsNameTests
{
    [Theory]
    [InlineData("web", true)]
    [InlineData("web.example.org", true)]
    [InlineData("*.example.org", true)]
    [InlineData("*.org", false)]
    [InlineData("*", false)]
    [InlineData("a.*.org", false)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("a.", false)]
    [InlineData("-a.org", false)]
    [InlineData("a_b.org", false)]
    [InlineData("a b.org", false)]
    [InlineData("ä.org", false)]
    [InlineData("a\0.org", false)]
    public void Names_are_valid_or_not(string name, bool valid) => Assert.Equal(valid, DnsName.IsValid(name));

    [Fact]
    public void Labels_and_names_have_a_longest()
    {
        Assert.True(DnsName.IsValid(new string('a', 63)));
        Assert.False(DnsName.IsValid(new string('a', 64)));
        string label = new('a', 61);
        string longest = string.Join('.', label, label, label, label, "abcde");
        Assert.Equal(253, longest.Length);
        Assert.True(DnsName.IsValid(longest));
        Assert.False(DnsName.IsValid(longest + "f"));
    }
}
