namespace Spiffe.Agent.Issuance.Subjects;

/// <summary>The kinds of claim that are kept: those that Cedar has a type for.</summary>
public enum SubjectClaimKind
{
    /// <summary>A text: Cedar's <c>String</c>.</summary>
    Text,

    /// <summary>A whole number: Cedar's <c>Long</c>.</summary>
    Number,

    /// <summary>True or false: Cedar's <c>Bool</c>.</summary>
    Truth,

    /// <summary>A list of texts: Cedar's <c>Set&lt;String&gt;</c>.</summary>
    Texts,
}
