using System.Text;
using System.Text.Json;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Tests.Unit.Tasks.Grants;

/// <summary>docs/vectors/grant-algebra.json, as another implementation would run it.</summary>
public sealed class VectorTests
{
    private static readonly JsonElement Vectors = Read();

    public static TheoryData<string> Within => Names("within");

    public static TheoryData<string> Meets => Names("meet");

    [Theory]
    [MemberData(nameof(Within))]
    public void Within_as_published(string name)
    {
        JsonElement vector = Find("within", name);
        AuthorizationDetails inner = Details(vector.GetProperty("inner")), outer = Details(vector.GetProperty("outer"));

        Assert.Equal(vector.GetProperty("within").GetBoolean(), inner.IsWithin(outer));
        Assert.Equal(inner.IsWithin(outer), inner.WhyNotWithin(outer) is null);
        if (vector.TryGetProperty("member", out JsonElement member)) Assert.StartsWith(member.GetString() + ":", inner.WhyNotWithin(outer), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Meets))]
    public void Meet_as_published(string name)
    {
        JsonElement vector = Find("meet", name);
        AuthorizationDetails requested = Details(vector.GetProperty("requested")), ceiling = Details(vector.GetProperty("ceiling"));
        GrantMeet meet = GrantMeet.Of(requested, new GrantCeiling("the ceiling", ceiling));

        Assert.Equal(Details(vector.GetProperty("effective")).ToString(), meet.Effective.ToString());
        Assert.NotEmpty(meet.Dropped);
    }

    [Fact]
    public void Refused_as_published_with_the_path()
    {
        foreach (JsonElement vector in Vectors.GetProperty("refused").EnumerateArray())
        {
            string json = vector.GetProperty("json").GetString()!;

            Assert.False(AuthorizationDetails.TryParse(Encoding.UTF8.GetBytes(json), out _, out GrantFault? fault), json);
            Assert.Equal((vector.GetProperty("rule").GetString(), vector.GetProperty("path").GetString(), json), (fault.Rule.ToString(), fault.Path, json));
        }
    }

    [Fact]
    public void Canonical_as_published_with_its_digest()
    {
        foreach (JsonElement vector in Vectors.GetProperty("canonical").EnumerateArray())
        {
            AuthorizationDetails details = AuthorizationDetails.Parse(vector.GetProperty("json").GetString()!);

            Assert.Equal(vector.GetProperty("canonical").GetString(), details.ToString());
            Assert.Equal(vector.GetProperty("s256").GetString(), details.Digest);
        }
    }

    private static AuthorizationDetails Details(JsonElement element) =>
        AuthorizationDetails.TryParse(element, out AuthorizationDetails? details, out GrantFault? fault) ? details : throw new FormatException(fault.ToString());

    private static JsonElement Find(string list, string name) =>
        Vectors.GetProperty(list).EnumerateArray().Single(vector => string.Equals(vector.GetProperty("name").GetString(), name, StringComparison.Ordinal));

    private static TheoryData<string> Names(string list) => [.. Vectors.GetProperty(list).EnumerateArray().Select(vector => vector.GetProperty("name").GetString()!)];

    private static JsonElement Read()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Spiffe.Agent.sln"))) at = at.Parent;
        return JsonDocument.Parse(File.ReadAllBytes(Path.Combine(at!.FullName, "docs", "vectors", "grant-algebra.json"))).RootElement;
    }
}
