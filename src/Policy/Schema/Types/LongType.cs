namespace Spiffe.Agent.Policy.Schema.Types;

/// <summary>Long: a 64-bit integer.</summary>
internal sealed class LongType : CedarType
{
    public static readonly LongType Instance = new();

    private LongType()
        : base(1, 1)
    {
    }

    public override string ToString() => "Long";
}
