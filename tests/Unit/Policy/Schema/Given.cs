using Spiffe.Agent.Policy.Schema;

namespace Spiffe.Agent.Tests.Unit.Policy.Schema;

/// <summary>Schemas read for a test.</summary>
internal static class Given
{
    public static PolicySchema Schema(string text) => Valid(PolicySchema.Parse(text));

    public static PolicySchema JsonSchema(string json) => Valid(PolicySchema.ParseJson(json));

    /// <summary>The source text at each error.</summary>
    public static IEnumerable<string> Culprits(string text) => At(text, PolicySchema.Parse(text));

    /// <summary>The source text at each error.</summary>
    public static IEnumerable<string> JsonCulprits(string json) => At(json, PolicySchema.ParseJson(json));

    private static PolicySchema Valid(SchemaReading reading)
    {
        Assert.Empty(reading.Errors);
        return reading.Schema!;
    }

    private static IEnumerable<string> At(string source, SchemaReading reading)
    {
        Assert.Null(reading.Schema);
        Assert.NotEmpty(reading.Errors);
        return reading.Errors.Select(error => source.Substring(error.Span.Start, error.Span.Length));
    }
}
