namespace Spiffe.Agent.Policy.Schema.Types;

/// <summary>Bool or, in the validator only, the type of an expression that is known to be always true or always false.</summary>
internal sealed class BooleanType : CedarType
{
    public static readonly BooleanType Any = new("Bool", null);
    public static readonly BooleanType True = new("True", true);
    public static readonly BooleanType False = new("False", false);

    private readonly string _name;

    private BooleanType(string name, bool? value)
        : base(1, 1) => (_name, Value) = (name, value);

    /// <summary>The only value of this type, or null where it has both.</summary>
    public bool? Value { get; }

    public static BooleanType Of(bool value) => value ? True : False;

    public override string ToString() => _name;
}
