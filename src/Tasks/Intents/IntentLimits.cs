namespace Spiffe.Agent.Tasks.Intents;

/// <summary>How large a declared intent may be. Ours: enough for people to read, too little to hide in.</summary>
public static class IntentLimits
{
    /// <summary>Characters of the goal. 2,000.</summary>
    public const int MaxGoalLength = 2_000;

    /// <summary>Characters of the reason. 1,000.</summary>
    public const int MaxReasonLength = 1_000;

    /// <summary>Characters of the ticket, and of each action, tool and boundary. 256.</summary>
    public const int MaxNameLength = 256;

    /// <summary>Actions, tools and boundaries, each. 64.</summary>
    public const int MaxNames = 64;

    /// <summary>Characters of a SHA-256 in base64url.</summary>
    public const int DigestLength = 43;
}
