using Spiffe.Agent.Issuance.Revocation;

namespace Spiffe.Agent.Issuance.Offboarding;

/// <summary>WatchRevocations: whoever comes back with the cursor from before must hear of each credential, and that the task is over.</summary>
internal sealed class FeedChannel(RevocationLedger ledger) : IRefusalChannel
{
    private readonly Lock _gate = new(); // Guards all below: what the feed tells of one event, for all tasks that ended in it.
    private long _sequence;
    private HashSet<string> _told = [];
    private HashSet<string>? _over = [];

    public string Name => "feed";

    public ChannelCheck Ask(EndedTask ended)
    {
        lock (_gate)
        {
            if (_sequence != ended.Sequence) Read(ended.Sequence);
            List<string> untold = [.. ended.Credentials.Select(dead => dead.Credential.Id).Where(id => !_told.Contains(id))];
            if (_over?.Contains(ended.TaskId) == false) untold.Add(ended.TaskId);
            return new ChannelCheck(Name, ended.Credentials.Length + 1, [.. untold]);
        }
    }

    private void Read(long sequence)
    {
        _sequence = 0;
        RevocationPage page = ledger.Read(new RevocationCursor(ledger.Epoch, sequence - 1));
        RevocationEvent? happened = page.Events.FirstOrDefault(e => e.Sequence == sequence);
        _told = [.. (page.IsReset ? page.Standing : happened?.Credentials ?? []).Select(dead => dead.Credential.Id)];
        // After a reset whoever comes back has everything that is dead, and asks anew about the rest: no task need be named.
        _over = page.IsReset ? null : [.. (happened?.Tasks ?? []).Where(task => task.Ends).Select(task => task.TaskId)];
        _sequence = sequence;
    }
}
