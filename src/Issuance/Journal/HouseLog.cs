using Microsoft.Extensions.Logging;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Audit.Verification;
using Spiffe.Agent.Audit.Witnessing;
using Spiffe.Agent.Issuance.Tasks;

namespace Spiffe.Agent.Issuance.Journal;

/// <summary>The daemon's journal: the audit log where one is kept, with a line for operators of what happens to it; else the daemon's own log only.</summary>
public sealed partial class HouseLog : IAsyncDisposable
{
    /// <summary>How often it is looked how old the key is. Ours.</summary>
    private static readonly TimeSpan KeyLook = TimeSpan.FromMinutes(10);

    private readonly ILogger<HouseLog> _log;
    private readonly WitnessRounds? _witnesses;
    private readonly TimeSpan? _keyAge;
    private readonly TimeProvider _time;

    private HouseLog(HouseLogOptions? options, string version, TimeProvider time, ILoggerFactory loggers)
    {
        _log = loggers.CreateLogger<HouseLog>();
        (_time, _keyAge) = (time, options?.KeyAge);
        TaskLog lines = new(loggers.CreateLogger<TaskLog>());
        if (options is null)
        {
            LogNone();
            Journal = lines;
            return;
        }

        if (options.WitnessPolicy is { } file) _witnesses = WitnessesOf(file, options.Store.Directory, time);
        Store = AuditStore.Open(options.Store, time, Heard);
        Journal = new AuditJournal(Store, lines);
        Run = new RunRecorder(Store, version, time);
        AuditHealth health = Store.Health;
        LogOpened(health.Origin, options.Store.Directory, health.Size);
    }

    /// <summary>What the house writes into.</summary>
    public IJournal Journal { get; }

    /// <summary>Null where no log is kept.</summary>
    public AuditStore? Store { get; }

    /// <summary>Writes down the run itself; null where no log is kept.</summary>
    public RunRecorder? Run { get; }

    /// <summary>Opens the log, or says that there is none.</summary>
    /// <param name="options">Where it is; null: nowhere.</param>
    /// <param name="version">Of the daemon.</param>
    /// <param name="time">Clocks.</param>
    /// <param name="loggers">Where operators read.</param>
    /// <exception cref="AuditStoreException">It cannot be opened: nothing may be issued.</exception>
    public static HouseLog Open(HouseLogOptions? options, string version, TimeProvider time, ILoggerFactory loggers) => new(options, version, time, loggers);

    /// <summary>What a log needs besides: the witnesses are asked every minute in which it grew, and its key is changed when it is old. Until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(
        _witnesses?.RunAsync(cancellationToken) ?? Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken),
        _keyAge is { } age && Store is { } store ? ChangeKeysAsync(store, age, cancellationToken) : Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken));

    /// <summary>Writes the last entry of the run, and closes the log.</summary>
    public async ValueTask DisposeAsync()
    {
        _witnesses?.Dispose();
        if (Run is not null) await Run.DisposeAsync();
        if (Store is not null) await Store.DisposeAsync();
    }

    private WitnessRounds WitnessesOf(string file, string directory, TimeProvider time)
    {
        const string Remedy = "write it as c2sp.org/tlog-policy says, each witness with its URL, or remove audit.witnesses";
        try
        {
            return LogPolicy.TryParse(File.ReadAllBytes(file), out LogPolicy? policy, out string fault)
                ? new WitnessRounds(policy, directory, () => Store?.Head, Heard, time)
                : throw new AuditStoreException(file, fault, Remedy);
        }
        catch (ArgumentException e)
        {
            throw new AuditStoreException(file, e.Message, Remedy, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditStoreException(file, "cannot be read", Remedy, e);
        }
    }

    /// <summary>Who takes the key that signs now can forge nothing that was signed by one before.</summary>
    private async Task ChangeKeysAsync(AuditStore store, TimeSpan age, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(KeyLook, _time);
        do
        {
            try
            {
                if (_time.GetUtcNow() - store.KeySince >= age) await store.RotateKeyAsync();
            }
            catch (IOException e)
            {
                LogKeyStays(e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private void Heard(NoteVerifierKey witness, WitnessAnswer answer)
    {
        if (answer.Outcome is WitnessOutcome.SetBack or WitnessOutcome.Forked) LogRefuted(answer.Detail);
        else if (answer.Outcome != WitnessOutcome.Cosigned) LogUnwitnessed(witness.Name, answer.Outcome, answer.Detail);
    }

    private void Heard(AuditStoreEvent happened)
    {
        switch (happened.Kind)
        {
            case AuditStoreEventKind.Fault:
                LogFault(happened.Detail);
                break;
            case AuditStoreEventKind.Recovered:
                LogRecovered(happened.Index);
                break;
            case AuditStoreEventKind.Cut:
                LogCut(happened.Index);
                break;
            case AuditStoreEventKind.KeyChanged:
                LogKey(happened.Index, happened.Detail);
                break;
            default:
                break;
        }
    }
}
