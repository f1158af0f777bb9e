using System.Collections.Immutable;
using System.Reflection;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Json;
using Spiffe.Agent.Issuance.Journal;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Issuance.Workloads;
using Spiffe.Agent.Registration;
using Spiffe.Agent.Tasks;
using Spiffe.Agent.Tasks.Lifecycle;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Issuance.Inventory;

/// <summary>Takes the inventory when an operator asks for it, and has it signed by the log's key. Holds no lock longer than it takes to look at one thing, and signs no SVID.</summary>
public sealed class InventoryTaker : IDisposable
{
    private static readonly string Version =
        typeof(InventoryTaker).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    private readonly SemaphoreSlim _turn = new(1); // One document at a time: it may be large.
    private readonly IssuanceService _issuance;
    private readonly WorkloadRegistry _workloads;
    private readonly EntryStore _entries;
    private readonly UseBook _uses;
    private readonly StrangerTable _strangers;
    private readonly TrustDomain _trustDomain;
    private readonly IInventoryLog? _log;
    private readonly TimeProvider _time;

    internal InventoryTaker(
        IssuanceService issuance, WorkloadRegistry workloads, EntryStore entries, UseBook uses, StrangerTable strangers, TrustDomain trustDomain, IInventoryLog? log, TimeProvider time)
    {
        (_issuance, _workloads, _entries, _uses, _strangers, _trustDomain, _log, _time) = (issuance, workloads, entries, uses, strangers, trustDomain, log, time);
    }

    /// <summary>How the log is doing; null: none is kept.</summary>
    public LogState? Log => _log?.State;

    /// <summary>Programs of users that were seen without an identity or a template, and calls of which no more is known than their number.</summary>
    public (int Rows, long Unlisted) Strangers => _strangers.Counts;

    /// <summary>The standing access that is to be reviewed next; overdue ones, which have stopped, come first.</summary>
    public ImmutableArray<StandingException> Standing => StandingOf(_time.GetUtcNow(), []);

    /// <summary>All of it, now.</summary>
    public InventorySnapshot Take()
    {
        DateTimeOffset now = _time.GetUtcNow();
        LogState? log = _log?.State; // First: what the snapshot shows was written down up to there, or shortly after.
        TemplateSnapshot templates = _issuance.Tasks.Rules.Templates;
        EntrySnapshot entries = _entries.Current;
        _uses.Keep(templates, entries);
        WorkloadCensus census = WorkloadCensus.Take(_workloads);
        ImmutableArray<TaskView> all = _issuance.Tasks.List(new TaskSelection(), withEnded: true);
        ImmutableArray<TaskView> live = [.. all.Where(static task => !task.State.IsTerminal())];
        return new InventorySnapshot
        {
            At = now,
            Since = _uses.Since,
            TrustDomain = _trustDomain.Name,
            Version = Version,
            ProcessId = Environment.ProcessId,
            Log = log,
            Identities = census.Identities,
            Tasks = live,
            Ended = [.. all.Where(static task => task.State.IsTerminal())],
            Standing = StandingOf(now, census.Identities),
            Templates = TemplatesOf(templates, live),
            Entries = EntriesOf(entries, census),
            Strangers = _strangers.List(),
        };
    }

    /// <summary>As canonical JSON, and signed where somebody asks for that: then it is written down first who did.</summary>
    /// <param name="signFor">Who asks for a signature; null: nobody does.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    public async ValueTask<InventoryExport> ExportAsync(Operator? signFor, CancellationToken cancellationToken)
    {
        if (signFor is not null && _log is null) return new InventoryExport(default, default, InventoryRefusal.NoLog);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            InventorySnapshot snapshot = Take();
            ReadOnlyMemory<byte> document = InventoryDocument.Write(snapshot);
            return signFor is { } by ? await SignAsync(snapshot, document, by, cancellationToken) : new InventoryExport(document, default, InventoryRefusal.None);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async ValueTask<InventoryExport> SignAsync(InventorySnapshot snapshot, ReadOnlyMemory<byte> document, Operator by, CancellationToken cancellationToken)
    {
        string digest = CanonicalJson.Digest(document.Span);
        bool isWritten = _issuance.Journal.Write(new InventoryEntry { At = _time.GetUtcNow(), By = by, Digest = digest, Tasks = snapshot.Tasks.Length })
            && await _issuance.Journal.SettleAsync(cancellationToken);
        InventoryStatement statement = new(snapshot.Log!.Origin, snapshot.At, digest, snapshot.Tasks.Length, snapshot.Log.Size);
        return isWritten && _log!.Sign(statement.ToText()) is { } note
            ? new InventoryExport(document, note, InventoryRefusal.None)
            : new InventoryExport(default, default, InventoryRefusal.NotRecorded);
    }

    private ImmutableArray<StandingException> StandingOf(DateTimeOffset now, ImmutableArray<LiveIdentity> identities)
    {
        ImmutableArray<StandingException>.Builder standing = ImmutableArray.CreateBuilder<StandingException>();
        DateOnly today = DateOnly.FromDateTime(now.UtcDateTime);
        foreach (TaskTemplate template in _issuance.Tasks.Standing)
        {
            string id = TaskSpiffeId.OfService(_trustDomain, template.Name).ToString();
            DateOnly review = template.ReviewBy!.Value;
            standing.Add(new StandingException(
                template.Name,
                id,
                template.Owner,
                template.Reason,
                review,
                review.DayNumber - today.DayNumber,
                !template.IsServedAt(now),
                identities.Where(identity => string.Equals(identity.Id, id, StringComparison.Ordinal)).Sum(static identity => identity.Calls),
                Shown(template.Starters)));
        }

        standing.Sort(static (a, b) => a.ReviewBy != b.ReviewBy ? a.ReviewBy.CompareTo(b.ReviewBy) : string.CompareOrdinal(a.Template, b.Template));
        return standing.DrainToImmutable();
    }

    private ImmutableArray<TemplateUse> TemplatesOf(TemplateSnapshot templates, ImmutableArray<TaskView> live)
    {
        Dictionary<string, int> perTemplate = live.GroupBy(static task => task.Template, StringComparer.Ordinal).ToDictionary(static group => group.Key, static group => group.Count(), StringComparer.Ordinal);
        ImmutableArray<TemplateUse>.Builder uses = ImmutableArray.CreateBuilder<TemplateUse>();
        foreach (TaskTemplate template in templates.All)
        {
            if (template.Class != TemplateClass.Task) continue;
            TemplateTally tally = _uses.TallyOf(template);
            (long begun, DateTimeOffset? last) = tally.Begun;
            uses.Add(new TemplateUse(
                template.Name, template.Owner, template.Purpose, perTemplate.GetValueOrDefault(template.Name), begun, last, template.Ceiling.Items.Length, [.. tally.NeverUsed.Select(static right => right.ToString())]));
        }

        return uses.DrainToImmutable();
    }

    private ImmutableArray<EntryUse> EntriesOf(EntrySnapshot entries, WorkloadCensus census) =>
    [
        .. entries.Entries.Select(entry => new EntryUse(
            entry.Name, entry.Id.ToString()!, entry.Origin.ToString(), Shown(entry.Selectors), _uses.LastEarned(entry), census.CallsOf(entry.Name))),
    ];

    private static ImmutableArray<string> Shown(SelectorSet selectors) => [.. selectors.Select(SelectorSecrecy.Shown)];
}
