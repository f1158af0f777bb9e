using System.Buffers.Text;
using System.Text.Json;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Identity.X509;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Tasks.Live;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Issuance.Tasks;

// For those who are shown credentials of tasks: does it count, now, and for what?
public sealed partial class TaskService
{
    /// <summary>Checks a JWT-SVID, an action token or a WIT-SVID of a task. An action token that is to be spent is spent by exactly one of all who ask.</summary>
    public async ValueTask<CredentialVerdict> VerifyTokenAsync(string token, string audience, bool consume, string detail, CancellationToken cancellationToken) =>
        await Settled(VerifyToken(token, audience, consume, detail), cancellationToken);

    /// <summary>Checks an X.509-SVID of a task, DER with its chain. That who presents it holds its key was seen in the handshake.</summary>
    public async ValueTask<CredentialVerdict> VerifyX509Async(ReadOnlyMemory<byte> chain, CancellationToken cancellationToken) => await Settled(VerifyX509(chain), cancellationToken);

    internal CredentialVerdict VerifyToken(string token, string audience, bool consume, string detail = "")
    {
        if (WitSvid.IsNamedOne(token))
        {
            CredentialCheck<WitSvid> wit = _issuance.ValidateWit(token);
            return Judge(wit.Svid?.Id, wit.Svid?.Claims, wit.Svid?.ExpiresAt, wit.Broken, wit.Credential, audience, consume: false, detail);
        }

        if (audience.Length == 0) return CredentialVerdict.Invalid("audience must be said");
        CredentialCheck<JwtSvid> jwt = _issuance.ValidateJwt(token, audience);
        if (string.Equals(jwt.Broken, nameof(TokenRule.AudienceMismatch), StringComparison.Ordinal) && AudienceOf(token) is { } meant && _issuance.ValidateJwt(token, meant) is { Credential: { } misrouted } && _table.Find(misrouted.TaskId) is { } owner)
        {
            Misused(owner, misrouted, audience, "it is for another audience");
            return CredentialVerdict.Invalid(jwt.Broken);
        }

        return Judge(jwt.Svid?.Id, jwt.Svid?.Claims, jwt.Svid?.ExpiresAt, jwt.Broken, jwt.Credential, audience, consume, detail);
    }

    internal CredentialVerdict VerifyX509(ReadOnlyMemory<byte> chain)
    {
        CredentialCheck<X509SvidCertificate> check = _issuance.ValidateX509(chain);
        return Judge(check.Svid?.Id, null, check.Svid?.NotAfter, check.Broken, check.Credential, "", consume: false, "");
    }

    /// <summary>That it was shown is safe in the journal before anybody relies on it.</summary>
    private async ValueTask<CredentialVerdict> Settled(CredentialVerdict verdict, CancellationToken cancellationToken) =>
        await _journal.SettleAsync(cancellationToken) || !verdict.IsValid ? verdict : CredentialVerdict.Invalid("its use cannot be written down", verdict.Task);

    private CredentialVerdict Judge(
        SpiffeId? id, ReadOnlyMemory<byte>? claims, DateTimeOffset? expiresAt, string broken, CredentialRecord? credential, string audience, bool consume, string detail)
    {
        LiveTask? task = credential is null ? null : _table.Find(credential.TaskId);
        if (id is null)
        {
            // What was a task's and does not count any more was shown to somebody: that is worth knowing.
            bool isSpent = credential is { Kind: CredentialKind.ActionToken } && task is { State: TaskState.Active };
            string why = isSpent ? "spent" : broken;
            if (task is not null) Misused(task, credential!, audience, why);
            return CredentialVerdict.Invalid(why, task is null ? null : View(task));
        }

        if (task is null || credential is null) return CredentialVerdict.Invalid("not of a task");
        TaskView view;
        lock (task.Family.Gate)
        {
            view = ViewOf(task);
            if (task.State != TaskState.Active || task.Generation != credential.Generation)
            {
                Misused(task, credential, audience, view.State.NameOf());
                return CredentialVerdict.Invalid(task.State == TaskState.Suspended ? "suspended" : "revoked", view);
            }

            if (consume && credential.Kind != CredentialKind.ActionToken) return CredentialVerdict.Invalid("not an action token: it cannot be spent", view);
            // Spent in the same step in which the task is seen to be active: who pauses or ends it is before this or behind it.
            if (consume && _ledger.RevokeCredentials([(credential.Kind, credential.Id)], RevocationReason.Spent).Credentials.IsEmpty)
            {
                Misused(task, credential, audience, "spent");
                return CredentialVerdict.Invalid("spent", view);
            }

            bool isWritten = (!consume && credential.Kind == CredentialKind.ActionToken) || _scribe.Note(task, TaskEntryKind.Used, consume ? "spent" : "shown", "", entry => entry with
            {
                Audience = ActionRules.Shown(audience),
                CredentialKind = credential.Kind,
                CredentialId = credential.Id,
                Words = ActionRules.Shown(detail),
            });
            if (consume && !isWritten) return CredentialVerdict.Invalid("its use cannot be written down", view);
        }

        return new CredentialVerdict(true, "", view, claims is { } json ? Details(json) : view.Grants, expiresAt);
    }

    private void Misused(LiveTask task, CredentialRecord credential, string audience, string why)
    {
        lock (task.Family.Gate)
        {
            _scribe.Note(task, TaskEntryKind.Misused, "shown", why, entry => entry with
            {
                Audience = ActionRules.Shown(audience),
                CredentialKind = credential.Kind,
                CredentialId = credential.Id,
                Generation = credential.Generation,
            });
        }
    }

    /// <summary>Whom a token says that it is for, the first of them; it was read before, and its signature was not looked at.</summary>
    private static string? AudienceOf(string token)
    {
        using JsonDocument payload = JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]));
        JsonElement audience = payload.RootElement.GetProperty("aud"u8);
        return audience.ValueKind == JsonValueKind.Array ? audience[0].GetString() : audience.GetString();
    }

    /// <summary>What the token itself says that it may be used for: of an action token the one action.</summary>
    private static string Details(ReadOnlyMemory<byte> claims)
    {
        using JsonDocument document = JsonDocument.Parse(claims);
        return document.RootElement.TryGetProperty("authorization_details"u8, out JsonElement details) ? details.GetRawText() : "";
    }
}
