using Spiffe.Agent.Policy.Schema.Types;

namespace Spiffe.Agent.Policy.Validation;

/// <summary>What checking one expression found.</summary>
/// <param name="IsSound">Whether it can be evaluated without a type error.</param>
/// <param name="Type">Its type; of an unsound expression the type that it was meant to have, or null where that is not known.</param>
/// <param name="Learned">What is known where it is true; nothing for an unsound one.</param>
internal readonly record struct Answer(bool IsSound, CedarType? Type, Capabilities Learned)
{
    public static Answer Of(CedarType type) => new(true, type, Capabilities.None);

    public static Answer Of(CedarType type, Capabilities learned) => new(true, type, learned);

    public static Answer Unsound(CedarType? type = null) => new(false, type, Capabilities.None);

    public bool IsTrue => ReferenceEquals(Type, BooleanType.True);

    public bool IsFalse => ReferenceEquals(Type, BooleanType.False);

    /// <summary>This answer, but unsound where an operand was.</summary>
    public Answer After(Answer operand) => operand.IsSound ? this : Unsound(Type);

    /// <summary>This answer, but unsound where an operand was.</summary>
    public Answer After(Answer first, Answer second) => After(first).After(second);
}
