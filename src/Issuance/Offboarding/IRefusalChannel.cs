namespace Spiffe.Agent.Issuance.Offboarding;

/// <summary>One way in which others learn whether a credential counts.</summary>
internal interface IRefusalChannel
{
    /// <summary>Its name in receipts.</summary>
    string Name { get; }

    /// <summary>Asks about every credential of a task that this way speaks of, by its number: no secret is needed, and none is there.</summary>
    ChannelCheck Ask(EndedTask ended);
}
