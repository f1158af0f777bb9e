namespace Spiffe.Agent.Tests.Interop.WorkloadApi;

/// <summary>A fact that needs what the client of a language needs, and perhaps another user to be.</summary>
public sealed class WorkloadFactAttribute : FactAttribute
{
    private readonly bool _asAnotherUser;

    public WorkloadFactAttribute(Language language) => Skip = LanguageRequirement.Of(language);

    /// <summary>Whether the client runs as a user other than the daemon's.</summary>
    public bool AsAnotherUser
    {
        get => _asAnotherUser;
        init
        {
            _asAnotherUser = value;
            if (value) Skip ??= WorkloadClient.AnotherUser();
        }
    }
}
