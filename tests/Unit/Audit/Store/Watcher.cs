using System.Threading.Channels;
using Spiffe.Agent.Audit.Store;

namespace Spiffe.Agent.Tests.Unit.Audit.Store;

/// <summary>Takes note of what a store says, and waits for it.</summary>
internal sealed class Watcher
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Channel<AuditStoreEvent> _news = Channel.CreateUnbounded<AuditStoreEvent>();

    public void Observe(AuditStoreEvent happened) => _news.Writer.TryWrite(happened);

    /// <summary>The next of that kind behind the one that was waited for last.</summary>
    public async Task<AuditStoreEvent> WaitForAsync(AuditStoreEventKind kind)
    {
        using CancellationTokenSource patience = new(Patience);
        while (true)
        {
            AuditStoreEvent happened = await _news.Reader.ReadAsync(patience.Token);
            if (happened.Kind == kind) return happened;
        }
    }
}
