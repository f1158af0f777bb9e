using Spiffe.Agent.Authority;
using Spiffe.Agent.Identity.X509;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Issuance.Tasks.Live;
using Spiffe.Agent.Issuance.Tasks.Views;

namespace Spiffe.Agent.Issuance.Tasks;

// Credentials of a task, for who speaks this service. Who speaks the Workload API only finds them there.
public sealed partial class TaskService
{
    /// <summary>Follows the credentials of the caller's task.</summary>
    public async ValueTask<(TaskCredentialFeed? Feed, TaskAnswer Refused)> FetchAsync(Caller caller, string taskId, TaskCredentialWish wish, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wish);
        if (await ReceiveAsync(caller, cancellationToken) is { } refused) return (null, refused);
        TaskRefusal refusal = TryFind(caller, taskId, alsoRequester: false, out LiveTask? task);
        if (task is null) return (null, TaskAnswer.Refused(refusal));
        if (wish.Audiences is { } audiences && audiences.Names.FirstOrDefault(a => !task.Template.Audiences.Contains(a, StringComparer.Ordinal)) is { } foreign)
        {
            lock (task.Family.Gate) _scribe.Note(task, TaskEntryKind.Misused, "fetch", "an audience that its template does not name", entry => entry with { Audience = ActionRules.Shown(foreign) });
            return (null, TaskAnswer.Refused(TaskRefusal.NothingGranted, "audiences: the template names others"));
        }

        return (new TaskCredentialFeed(this, task, wish), default);
    }

    /// <summary>As <see cref="Hold"/>, once it is safe in the journal that it was issued; null while it is not.</summary>
    internal async ValueTask<TaskCredentialSet?> HoldAsync(TaskCredentialSet? held, CancellationToken cancellationToken)
    {
        if (held is null || await _journal.SettleAsync(cancellationToken)) return held;
        held.Dispose();
        return null;
    }

    /// <summary>Everything that the task holds now, as the caller wishes it; null when it holds nothing: see the view for why.</summary>
    internal TaskCredentialSet? Hold(LiveTask task, TaskCredentialWish wish, ref CertifiedKey? certified)
    {
        if (!task.IsLive || IsNotWhatItWas(task) || task.Identity is not { } identity) return null;
        IssuedIdentity issued = _identities.Acquire(identity);
        TaskCredentialSet set = new(() => _identities.Release(identity));
        try
        {
            if (wish.X509 && task.PublicKey.IsEmpty) set.Take(issued.X509.Hold(out DateTimeOffset due), due);
            if (wish.X509 && !task.PublicKey.IsEmpty && (certified = Certify(task, identity, certified)) is not null) set.Take(certified.Svid, certified.RotateAt);
            if (wish.Wit && task.PublicKey.IsEmpty) set.Take(issued.Wit.Hold(out DateTimeOffset due), due);
            if (wish.Audiences is { } audiences && issued.Jwt.Get(audiences) is { } token) set.Take(token, RotationPoint.Draw(_time.GetUtcNow(), token.ExpiresAt));
            set.Bundle = _authority.Bundle;
            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    /// <summary>A certificate for a key that the caller holds: no private key is made, or known, here. The one before as long as it is fresh.</summary>
    private CertifiedKey? Certify(LiveTask task, TaskEntitlement identity, CertifiedKey? last)
    {
        DateTimeOffset now = _time.GetUtcNow();
        if (last is not null && ReferenceEquals(last.Identity, identity) && now < last.RotateAt) return last;
        if (identity.Terms(SvidKind.X509, []) is not { } terms) return null;
        X509SvidCertificate svid = _authority.SignX509(new X509SvidRequest { Id = identity.Id, Ttl = terms.Ttl }, task.PublicKey);
        return identity.Leaves(SvidKind.X509, terms, new SignedSvid(svid.SerialNumber, svid.NotAfter, svid.IssuerKeyId)) == Leaving.Yes ? new CertifiedKey(identity, svid, RotationPoint.Draw(now, svid.NotAfter)) : null;
    }
}
