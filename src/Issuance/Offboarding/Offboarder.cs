using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Issuance.Tasks.Live;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Residue;
using Spiffe.Agent.Residue.Reports;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Issuance.Offboarding;

/// <summary>Proves, as far as it can be proven, that nothing of a task remains when it is over: its credentials are refused everywhere, its keys are gone, and nothing of them lies where it worked.</summary>
/// <remarks>
/// Nothing waits for it: what was revoked is revoked before it begins, and the rest goes on in the background. <see cref="Begin"/> answers what is known at once. What is found out later is put into
/// the task's receipt, signed, written down, and told to those who watch the task; and residue besides to whoever reads the daemon's log, as a warning.
/// </remarks>
internal sealed partial class Offboarder : IDisposable
{
    /// <summary>How long whoever was just handed keys may take to let go of them before it is said that they did not. Ours.</summary>
    private static readonly TimeSpan ReaderPatience = TimeSpan.FromSeconds(2);

    private readonly NegativeTest _test;
    private readonly IdentityRegistry _identities;
    private readonly TaskScribe _scribe;
    private readonly ReceiptSigner? _sign;
    private readonly IssuanceCounters _counters;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly OffboardingDesk _desk;

    public Offboarder(NegativeTest test, IdentityRegistry identities, TaskScribe scribe, ReceiptSigner? sign, IssuanceCounters counters, TimeProvider time, ILogger log)
    {
        (_test, _identities, _scribe, _sign, _counters, _time, _log) = (test, identities, scribe, sign, counters, time, log);
        _desk = new OffboardingDesk(new ResidueScanner(Prints.Fingerprinter, time), Finish, log);
    }

    /// <summary>What was issued, as far as it can be looked for.</summary>
    public CredentialPrints Prints { get; } = new();

    /// <summary>What is known of a task in the moment in which it ends.</summary>
    public static OffboardingCheck Pending { get; } = new() { State = OffboardingState.Running, Channels = [] };

    /// <summary>Tests what can be tested at once, and has the rest looked at. The task is over, its processes are still held. Not under a lock.</summary>
    public void Begin(LiveTask task)
    {
        string id = task.Id.ToString();
        RevocationEvent revoked = task.EndedBy!;
        (IReadOnlyList<CredentialPrint> prints, int lost) = Prints.Close(id);
        OffboardingJob job = new()
        {
            Task = task,
            Identity = task.LastIdentity,
            Ended = new EndedTask(id, revoked.Sequence, [.. revoked.Credentials.Where(dead => dead.Credential.TaskId == id)]),
            Plan = SearchOf.Plan(task),
            Subject = SearchOf.Subject(task, _time),
            Prints = prints,
            NotPrinted = lost,
        };
        ImmutableArray<ChannelCheck> channels = _test.AtOnce(job.Ended);
        lock (task.Family.Gate) task.Receipt = task.Receipt! with { Check = task.Receipt.Check with { Channels = channels } };
        if (_desk.Expect(job)) _ = FollowAsync(job);
    }

    public void Dispose()
    {
        _desk.Dispose();
    }

    /// <summary>Hands the job on as soon as nobody holds the task's keys any more; readers that are just being written to let go in a moment.</summary>
    private async Task FollowAsync(OffboardingJob job)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(_desk.Stopping);
        using ITimer timer = _time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), patience, ReaderPatience, Timeout.InfiniteTimeSpan);
        while (true)
        {
            Task released = _identities.Released.Next;
            if (!IsHeld(job)) break;
            try
            {
                await released.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        _desk.Take(job);
    }

    private bool IsHeld(OffboardingJob job) => job.Identity is { } identity && _identities.IsHeld(identity);

    /// <summary>The outcome: once for each job, from a thread of the desk or from whoever stops it.</summary>
    private void Finish(OffboardingJob job, ResidueReport report)
    {
        if (IsHeld(job)) report = With(report, new ResidueGap(PlaceKind.Path, "", GapReason.Unknown, "somebody who was handed its keys has not let go of them yet"));
        if (job.NotPrinted > 0) report = With(report, new ResidueGap(PlaceKind.Path, "", GapReason.NoPrint, $"{job.NotPrinted} credentials were issued of which no print was kept"));
        ImmutableArray<ChannelCheck> later = _desk.Stopping.IsCancellationRequested ? [] : _test.Later(job.Ended);
        LiveTask task = job.Task;
        OffboardingReceipt receipt;
        TaskTemplate template;
        lock (task.Family.Gate) (receipt, template) = (task.Receipt!, task.Template);
        OffboardingCheck check = receipt.Check with { Channels = receipt.Check.Channels.AddRange(later), Residue = report, NotPrinted = job.NotPrinted, CheckedAt = _time.GetUtcNow() };
        check = check with { State = StateOf(check) };
        byte[] json = ReceiptNote.Write(receipt, check, task.SpiffeId.ToString(), template.Name, template.Owner);
        check = check with { Note = _sign?.Invoke(json) ?? "" };
        lock (task.Family.Gate)
        {
            task.Receipt = receipt with { Check = check };
            _scribe.Offboarded(task, check, json);
        }

        _counters.Offboarded(check.State);
        Tell(task.SpiffeId, template.Owner, check);
        task.Changed.Raise();
    }

    private static OffboardingState StateOf(OffboardingCheck check) => check.Channels.Any(channel => !channel.Accepted.IsEmpty)
        ? OffboardingState.StillAccepted
        : check.Residue!.Verdict switch
        {
            ResidueVerdict.Verified => OffboardingState.Verified,
            ResidueVerdict.ResidueFound => OffboardingState.ResidueFound,
            _ => OffboardingState.Incomplete,
        };

    private static ResidueReport With(ResidueReport report, ResidueGap gap) =>
        report with { Gaps = [gap, .. report.Gaps.Take(ResidueReport.MaxListed - 1)], GapsInAll = report.GapsInAll + 1 };

    private void Tell(SpiffeId task, string owner, OffboardingCheck check)
    {
        switch (check.State)
        {
            case OffboardingState.Verified:
                LogVerified(task, check.Residue!.Credentials, check.Residue.Places.Length);
                break;
            case OffboardingState.Incomplete:
                LogIncomplete(task, owner, check.Residue!.GapsInAll, check.Summary);
                break;
            case OffboardingState.ResidueFound:
                LogResidue(task, owner, check.Residue!.FindingsInAll, string.Join("; ", check.Residue.Findings.Take(8).Select(f => $"{f.Place} {f.Path} at {f.Offset}: {f.CredentialKind} {f.CredentialId}")));
                break;
            default:
                LogStillAccepted(task, owner, check.Summary);
                break;
        }
    }
}
