namespace Spiffe.Agent.Configuration.Yaml;

/// <summary>A text, number or word; all are texts here, and each key says how it reads its own.</summary>
internal sealed record YamlScalar(YamlPlace Place, string Text, bool IsPlain) : YamlNode(Place)
{
    /// <summary>Whether the text is as it is meant, without anything to put in: it came from no file.</summary>
    public bool IsLiteral { get; init; }

    public override string Kind => IsNull ? "nothing" : "a single value";

    /// <summary>Whether nothing was written, or a bare <c>~</c> or <c>null</c>.</summary>
    public bool IsNull => IsPlain && Text is "" or "~" or "null";
}
