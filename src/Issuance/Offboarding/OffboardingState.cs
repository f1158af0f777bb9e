namespace Spiffe.Agent.Issuance.Offboarding;

/// <summary>How far it is proven that nothing of a task remains.</summary>
public enum OffboardingState
{
    /// <summary>It is still being looked at.</summary>
    Running,

    /// <summary>Its credentials are refused everywhere, and nothing of them was found in any declared place.</summary>
    Verified,

    /// <summary>Something of them was found. They are dead all the same.</summary>
    ResidueFound,

    /// <summary>Nothing was found, and not everything could be looked at: that proves nothing.</summary>
    Incomplete,

    /// <summary>A credential still counts somewhere. That must not be, and is the daemon's own fault.</summary>
    StillAccepted,
}
