namespace Spiffe.Agent.Attestation.Binding;

/// <summary>What <see cref="KernelWatch"/> tells of its descriptor.</summary>
internal interface IWatched
{
    /// <summary>The kernel has something to tell. On the watch's thread: quick, and does not throw.</summary>
    /// <returns>Whether to go on watching.</returns>
    bool OnKernelEvent();
}
