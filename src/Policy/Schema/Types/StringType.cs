namespace Spiffe.Agent.Policy.Schema.Types;

/// <summary>String.</summary>
internal sealed class StringType : CedarType
{
    public static readonly StringType Instance = new();

    private StringType()
        : base(1, 1)
    {
    }

    public override string ToString() => "String";
}
