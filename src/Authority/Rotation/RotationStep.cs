namespace Spiffe.Agent.Authority.Rotation;

/// <summary>What to do next with the keys of one use.</summary>
internal enum RotationStep
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>Make the next key and publish it.</summary>
    Prepare,

    /// <summary>Sign with the prepared key from now on.</summary>
    Activate,

    /// <summary>Make a key and sign with it at once: the clock jumped, and none that was published can be used.</summary>
    Replace,
}
