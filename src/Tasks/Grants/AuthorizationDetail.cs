using System.Text.Json;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>
/// One right, as an authorization detail of RFC 9396. Its lists say what it is for: a list that is absent is empty, and answers only for what names nothing of the kind;
/// everything is written <c>*</c>. Its constraints take away: one that is absent takes nothing. Immutable, in canonical form, equal by it.
/// </summary>
public sealed class AuthorizationDetail : IEquatable<AuthorizationDetail>
{
    private byte[]? _canonical;

    internal AuthorizationDetail(string type, GrantTerms actions) => (Type, Actions) = (type, actions);

    /// <summary>What kind of right; compared as it is written. RFC 9396 §2.</summary>
    public string Type { get; }

    /// <summary>What may be done: never empty.</summary>
    public GrantTerms Actions { get; }

    /// <summary>Where.</summary>
    public GrantLocations Locations { get; internal init; } = GrantLocations.Empty;

    /// <summary>With which kinds of data.</summary>
    public GrantTerms Datatypes { get; internal init; } = GrantTerms.Empty;

    /// <summary>With which thing there: one, any, or none.</summary>
    public GrantTerms Identifier { get; internal init; } = GrantTerms.Empty;

    /// <summary>Whom tokens for it may be for.</summary>
    public GrantTerms Audiences { get; internal init; } = GrantTerms.Empty;

    /// <summary>The most sensitive data that it may touch; public where nothing is said.</summary>
    public Sensitivity Sensitivity { get; internal init; }

    /// <summary>What takes away from it.</summary>
    public GrantConstraints Constraints { get; internal init; } = GrantConstraints.None;

    /// <summary>Its canonical JSON. RFC 8785.</summary>
    public ReadOnlySpan<byte> Canonical => Bytes;

    internal byte[] Bytes => _canonical ??= DetailWriter.Write(this);

    /// <summary>What is left of the right for this one question: its action, place, data, audience and parameters, used once. Without a step: it is no holder's grant.</summary>
    public AuthorizationDetail NarrowTo(ActionQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        return new AuthorizationDetail(Type, GrantTerms.Of([question.Action]))
        {
            Locations = question.Location is null ? GrantLocations.Empty : GrantLocations.Of([question.Location]),
            Datatypes = One(question.Datatype),
            Identifier = One(question.Identifier),
            Audiences = One(question.Audience),
            Sensitivity = question.Sensitivity,
            Constraints = new GrantConstraints { MaxUses = 1, NotAfter = Constraints.NotAfter, Ranges = Constraints.Ranges, In = Constraints.In },
        };

        static GrantTerms One(string? name) => name is null ? GrantTerms.Empty : GrantTerms.Of([name]);
    }

    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteRawValue(Bytes, skipInputValidation: true);
    }

    public bool Equals(AuthorizationDetail? other) => other is not null && (ReferenceEquals(this, other) || Canonical.SequenceEqual(other.Canonical));

    public override bool Equals(object? obj) => Equals(obj as AuthorizationDetail);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Canonical);
        return hash.ToHashCode();
    }

    /// <summary>The canonical JSON.</summary>
    public override string ToString() => System.Text.Encoding.UTF8.GetString(Canonical);

    internal AuthorizationDetail With(GrantConstraints constraints) => new(Type, Actions)
    {
        Locations = Locations,
        Datatypes = Datatypes,
        Identifier = Identifier,
        Audiences = Audiences,
        Sensitivity = Sensitivity,
        Constraints = constraints,
    };
}
