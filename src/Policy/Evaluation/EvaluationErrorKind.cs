namespace Spiffe.Agent.Policy.Evaluation;

/// <summary>Why an evaluation failed. Cedar docs, "Authorization": a policy that fails counts as if it were not there.</summary>
public enum EvaluationErrorKind
{
    /// <summary>An operator met a value of a type that it does not take.</summary>
    WrongType,

    /// <summary>An integer or an extension value left its range.</summary>
    Overflow,

    /// <summary>The attributes or tags were asked for of an entity that is not known.</summary>
    EntityMissing,

    /// <summary>A record or an entity has no such attribute.</summary>
    AttributeMissing,

    /// <summary>An entity has no such tag.</summary>
    TagMissing,

    /// <summary>An extension function could not read its text.</summary>
    ExtensionRefused,

    /// <summary>An extension function got too few or too many arguments.</summary>
    WrongArgumentCount,

    /// <summary>A set or a record would be larger than <see cref="Values.ValueLimits"/> allow. Parsers refuse to read such a one.</summary>
    TooLarge,
}
